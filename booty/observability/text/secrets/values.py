"""What counts as the value of a secret name: from where, to where.

Not source code that only handles it, not a template's hole, not what was masked before.
"""

from __future__ import annotations

import re

from booty.observability.text.secrets.names import Telling

MASK = r"\[redacted[a-z0-9 ]{0,24}\]"
MASKED = re.compile(MASK)

# What takes a value's place in source code, templates and reports: a type, a call, a variable, nothing.
NO_VALUE = (
    r"(?:(?i:str|string|bytes|int|bool|boolean|number|any|object|optional|option|union|secretstr|list|promise|none"
    r"|null|nil|undefined|true|false|yes|no|unknown|required|missing|empty|redacted|filtered)(?![\w@#$%^&*+/-])"
    # What begins a sentence about it, as a form's validation says it.
    r"|(?i:this|must|is|should|can(?:not|'t)?|may|has|have|does|was|too|not|the|please|enter|invalid|at[^\S\n]least)[^\S\n]{1,4}[A-Za-z]{2}"
    r"|(?:await|new|yield|not|lambda|async|return|function|typeof)[^\S\n]"
    r"|(?:self|this|cls|settings|config|conf|os|process|environ|env|request|req|args|kwargs|options|opts|params|data"
    r"|form|user|app|current_app|ctx|context|payload|secrets)(?:\??\.|->|\[(?!redacted))"
    r"|[A-Za-z_]\w{0,64}+(?:(?:\.|::|->)\w{1,64}+){0,8}(?:\(|\[(?!redacted))"
    r"|SIG[A-Z]{3,6}(?!\w)|\$[{(]|\$[A-Z_]{2,40}(?![\w-])|\$\d{1,3}(?!\w)|\?(?!\w)|:[a-z_]{1,40}(?!\w)"
    r"|%(?:\(\w{0,40}\))?l?[sdum](?!\w)|\*{3}|!{1,2}[a-z]{2,20}[^\S\n]"
    r"|-(?!\S)|\[(?!redacted[a-z0-9 ]{0,24}\][\w+/=-])|[(<]|\{(?![\w.-]{0,40}\d[\w.-]{0,40}\})|[,;)\]}]|-\}"
    r"|@?[bBrRuUfF]{0,2}\\{0,4}[\"'`])"
)
# A bare value ends at a space, a quote, `;` or `&`; at a comma or a bracket only where those end something.
BARE = (
    rf"(?!{NO_VALUE})(?>(?:{MASK}|[^\s;&\"'`,)\]}}<>|\\]"
    r"|[,)\]}](?![\s,;)\]}\"']|$|[\w.-]{1,40}+[=:])|\\(?![\"'nrt]))+)"
)
# Interpolations and masks occur in quotes too, after at most one word (`Bearer {token}`).
NO_QUOTED = (
    rf"(?:(?:[A-Za-z][\w-]{{0,20}}[ ]{{1,4}})?(?:{MASK}|\$?\{{[^}}\"'\n]{{0,80}}\}}{{1,2}}|%\(?\w{{0,40}}\)?s)"
    r"|\*{1,40}|\[Filtered\]|<[\w -]{0,40}>)?(?:[\"'`](?!\w)|\\)"
)
# A quote as it is written: escaped in JSON, percent-encoded, in HTML.
QUOTE = r"(?:\\{0,8}[\"'`]|%(?:25){0,2}2[27]|&(?:quot|apos|#3[49]|#x2[27]);|\\u002[27])"
CODED = r"(?:%(?:25){0,2}2[27]|&(?:quot|apos|#3[49]|#x2[27]);|\\u002[27])"
# A quote that a letter or a digit follows does not end the value.
QUOTED = (
    r"@?[bBrRuUfFnNeE]{0,2}(?:"
    rf"\\{{1,8}}[\"'](?!{NO_QUOTED})(?P<escaped>(?>(?:[^\"'\\\n]|\\(?!\\{{0,7}}[\"'])|\\{{1,8}}[\"'](?=\w))+))"
    rf"|\"(?:\"\"|')?(?!{NO_QUOTED})(?P<double>(?>(?:[^\"\\\n]|\\.|\"(?=\w))+))"
    rf"|'(?:''|\")?(?!{NO_QUOTED})(?P<single>(?>(?:[^'\\\n]|\\.|''?(?=\w))+))"
    rf"|`(?!{NO_QUOTED})(?P<ticked>[^`\n]++)|[“„«「『](?P<curly>[^”“»」』\n]++)"
    rf"|{CODED}(?P<coded>(?>(?:(?!{CODED})[^\s\"'<>])+)))"
)
VALUE = re.compile(rf"{QUOTED}|(?P<bare>{BARE})")
# Beside a word of prose a value is a secret only if it has both letters and digits, or is long, or looks random.
# The name of a type or a member, such as `ClientSession` or `Comment.Multiline`, is none.
NAMED_TYPE = r"(?:[A-Z][a-z]{2,15}){1,6}(?:\.(?:[A-Z][a-z]{2,15}){1,6}){0,3}\Z"
LOOKS_SECRET = re.compile(
    rf"(?!{NAMED_TYPE})"
    r"(?:(?=[^A-Za-z]{0,64}[A-Za-z])(?=\D{0,64}\d).{5}|\d{6}|[^a-z]{0,64}[a-z]{1,64}+[A-Z].{6}|.{16})"
)
# All of a known pair's value that may occur beside any name.
NOTHING = re.compile(
    r"(?i:\s*(?:none|null|nil|undefined|true|false|yes|no|unknown|missing|required|empty|\[?filtered\]?|\*{1,40})?\s*)"
)


# What no word, time or version looks like: letters and digits, six of them.
RANDOM = re.compile(r"(?!\d{4}-\d\d-\d\d|v?\d{1,6}\.)(?=[^\s\d]{0,64}\d)(?=[^\sA-Za-z]{0,64}[A-Za-z])\S{6}")

# In prose a key or a token is as long as keys are, or mixes capitals, small letters and digits.
MIXED = re.compile(r"(?=[^\sA-Z]{0,30}[A-Z])(?=[^\sa-z]{0,30}[a-z])(?=[^\s0-9]{0,30}[0-9])[A-Za-z0-9]{12}")
# What a value may be wrapped in: a list, an object, a call, YAML's tags and anchors, the next line.
ENTRY = rf"(?:{QUOTE}?[\w.$-]{{1,40}}{QUOTE}?[^\S\n]{{0,2}}(?:=>|[:=])[^\S\n]{{0,2}}\{{?[^\S\n]{{0,2}}){{0,2}}"
WRAPPING = re.compile(
    r"(?:!{1,2}\w{2,20}[^\S\n]{1,4}(?:[|>]-?\s{1,40})?|&\w{1,20}[^\S\n]{1,4}|[\"']{3}\n\s{0,40}"
    r"|(?P<item>(?:\n[^\S\n]{0,40})?(?:-[^\S\n]|value:[^\S\n]{1,4}))"
    r"|\n[^\S\n]{0,40}(?:[\w.-]{1,40}:[^\S\n]{1,4})?|[A-Za-z_][\w.]{0,40}\((?=[\"'])"
    rf"|(?:(?:Some|Just|Optional|Ok|Right|Secret\w{{0,12}}|Password)\(|[\[({{<]{{1,2}})\s{{0,40}}{ENTRY})"
)
STRONG = re.compile(
    r"[\w+/=.~-]{20}|(?=[^\sA-Z]{0,30}[A-Z])(?=[^\sa-z]{0,30}[a-z])(?=[^\s0-9]{0,30}[0-9])[A-Za-z0-9]{12}"
)

# No path, word, hash or id has capitals, small letters and digits all over twenty characters.
UNMISTAKABLE = re.compile(
    r"(?=(?:[^\sA-Z]{0,12}[A-Z]){3})(?=(?:[^\sa-z]{0,12}[a-z]){3})(?=(?:[^\s0-9]{0,12}[0-9]){2})[A-Za-z0-9]{20,}+(?![\w./:-])"
)


def is_harmless(value: str, telling: Telling) -> bool:
    """Return whether the whole value, beside a name as `telling` as that, is not a secret."""
    if telling is Telling.NOTHING or NOTHING.fullmatch(value) or MASKED.fullmatch(value):
        return True
    if telling is Telling.LIKELY:
        words = value.split() if value[:1] in {"{", "["} else (value,)
        return not any(map(RANDOM.match, words))
    if telling is Telling.HARDLY:
        return not UNMISTAKABLE.match(value)
    return telling is Telling.PERHAPS and not LOOKS_SECRET.match(value)
