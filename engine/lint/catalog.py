"""Every rule, in the order of its id: one line per rule brings it in."""

from __future__ import annotations

from difflib import get_close_matches

from engine.kernel.errors import UsageError
from engine.lint.rule import Rule
from engine.lint.rules import (
    alimtalk_advertising,
    alimtalk_length,
    channel_text_missing,
    foreign_label,
    foreign_opt_out,
    foreign_window,
    holiday_calendar,
    ignore_comment,
    jurisdiction_uncertain,
    jurisdiction_unknown,
    kakao_brand_bubble,
    kakao_brand_button_mode,
    kakao_brand_window,
    kakao_buttons,
    kakao_coupon_title,
    kakao_url,
    kr_ad_contact_missing,
    kr_ad_label_body_only,
    kr_ad_label_duplicate,
    kr_ad_label_image_only,
    kr_ad_label_in_variable,
    kr_ad_label_lms_subject_only,
    kr_ad_label_missing,
    kr_ad_label_not_leading,
    kr_ad_label_translated,
    kr_ad_label_unicode,
    kr_ad_label_variant,
    kr_ad_optout_login,
    kr_ad_optout_missing,
    kr_ad_optout_not_free,
    kr_ad_optout_not_trailing,
    kr_ad_optout_stale_path,
    kr_ad_sender_missing,
    kr_consent_filter_missing,
    kr_info_contains_promo,
    kr_info_has_label,
    kr_night_consent,
    kr_night_cutoff,
    kr_night_window,
    kr_points_basis_missing,
    kr_prohibited_goods,
    kr_reply_bait,
    kr_suppression_missing,
    locale_missing,
    people_in_git,
    schedule_dst_fold,
    schedule_dst_gap,
    schedule_lead_time,
    schedule_naive,
    schedule_past,
    template_render,
    template_syntax,
    template_undefined_variable,
    template_unused_variable,
    translation_placeholder,
    type_missing,
    tz_recipient_missing,
    tz_window_empty,
)

RULES: tuple[Rule, ...] = (
    alimtalk_advertising,
    alimtalk_length,
    channel_text_missing,
    foreign_label,
    foreign_opt_out,
    foreign_window,
    holiday_calendar,
    ignore_comment,
    jurisdiction_uncertain,
    jurisdiction_unknown,
    kakao_brand_bubble,
    kakao_brand_button_mode,
    kakao_brand_window,
    kakao_buttons,
    kakao_coupon_title,
    kakao_url,
    kr_ad_contact_missing,
    kr_ad_label_body_only,
    kr_ad_label_duplicate,
    kr_ad_label_image_only,
    kr_ad_label_in_variable,
    kr_ad_label_lms_subject_only,
    kr_ad_label_missing,
    kr_ad_label_not_leading,
    kr_ad_label_translated,
    kr_ad_label_unicode,
    kr_ad_label_variant,
    kr_ad_optout_login,
    kr_ad_optout_missing,
    kr_ad_optout_not_free,
    kr_ad_optout_not_trailing,
    kr_ad_optout_stale_path,
    kr_ad_sender_missing,
    kr_consent_filter_missing,
    kr_info_contains_promo,
    kr_info_has_label,
    kr_night_consent,
    kr_night_cutoff,
    kr_night_window,
    kr_points_basis_missing,
    kr_prohibited_goods,
    kr_reply_bait,
    kr_suppression_missing,
    locale_missing,
    people_in_git,
    schedule_dst_fold,
    schedule_dst_gap,
    schedule_lead_time,
    schedule_naive,
    schedule_past,
    template_render,
    template_syntax,
    template_undefined_variable,
    template_unused_variable,
    translation_placeholder,
    type_missing,
    tz_recipient_missing,
    tz_window_empty,
)

ALWAYS: tuple[Rule, ...] = (people_in_git, schedule_lead_time, schedule_past)
"""The rules that look at more than files: at the clock, at git, at reports. No result of theirs is kept."""

OF_FILES: tuple[Rule, ...] = tuple(rule for rule in RULES if rule not in ALWAYS)


def find_rule(id: str) -> Rule:  # noqa: A002 - the word of the command
    """Return the rule `id`. Raises UsageError with the nearest ids for an unknown one."""
    for rule in RULES:
        if rule.META.id == id:
            return rule
    close = get_close_matches(id, [rule.META.id for rule in RULES], n=3)
    hint = "did you mean " + " or ".join(f"`{name}`" for name in close) + "?" if close else None
    raise UsageError(f"there is no rule `{id}`", hint or "`pushform rule` lists all of them")
