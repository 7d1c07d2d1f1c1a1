"""How a value is joined to its name, in the many ways in which people write pairs.

Patterns, of which `pairs` makes one: each matches what lies between a name and its value.
"""

from __future__ import annotations

from booty.observability.text.secrets.values import QUOTE

GAP = r"[^\S\n]{0,40}"
EQUALS = r"(?:(?:%(?:25){0,2}3[da](?:%20)?|;s:\d{1,6}:|\\u003[da]|&#(?:61|58|x3d|x3a);)|[：＝])"  # noqa: RUF001 - full-width ones are meant
# What lies between when the value is not on the line of its name: YAML's block and next line, a dump of PHP.
BELOW = (
    r"(?:[|>][+-]?\d?[^\S\n]{0,4}(?:\n\s{0,40}|[^\S\n])|\n?[^\S\n]{0,40}string\(\d{1,6}\)[^\S\n]{1,4}"
    r"|\n[^\S\n]{1,40}(?=[^\s:#-]\S{0,400}(?<![:{\[(,])[^\S\n]{0,4}(?:\n|\Z))|\n[^\S\n]{0,40}(?=[\"']))?"
)
TYPED = r":[^\S\n]{0,4}[a-z][\w.|\[\] ]{0,40}=(?=[^\S\n]{0,4}[\"'])"
COMPARED = r"(?:={2,3}|!={1,2}|<>|->|\|\||\?\?|(?:like|in)\b[^\S\n]?\(?)(?=[^\S\n]{0,4}[\"'])"
REJECTED = r":[^\S\n]{0,4}(?:rejected|invalid|actual|input)[^\S\n]value:?[^\S\n]{0,4}\[?"
# A name in bold, with the sign outside or inside: `**password**: …`, `<b>Password:</b> …`.
BOLD = r"(?:\*{1,2}|</\w{1,10}>)?"
SIGN = rf"(?:{TYPED}|{COMPARED}|{REJECTED}|:=|=>|→|=(?![=~>])|::(?=[^\S\n])|:(?![:/=])|{EQUALS})"
ASSIGNED = rf"{BOLD}{GAP}{SIGN}{BOLD}{GAP}{BELOW}"
# What is said about a name before its value: `(required)`, `for user ann`, `entered`.
ASIDE = r"(?:[^\S\n]{1,2}[(\[]|[（【]|(?<=[^\x00-\x7f])\()[^()\[\]（）【】\n=]{1,40}[)\]）】]"  # noqa: RUF001 - full-width ones are meant
OF = (
    r"(?:for|of|to|from|on|at|by|with|für|fuer|von|vom|des|der|zum?|bei|pour|d[eu]|sur|para|del|dell[ao]|d[io]|per|na|voor|van"
    r"|dla|od|для|от|к)"
)
# Behind the name of a kind of thing stands what that is called: "password for user: ann42".
THING = (
    r"(?:user(?:[ _-]?(?:name|id))?|account|login|e-?mail|address|member|role|host|server|benutzer(?:s|name)?|konto"
    r"|utilisateur|compte|usu[aá]rio|cuenta|conta|utente|gebruiker|użytkownika|konta|пользователя)"
)
NAMED = (
    r"(?:[\"'`][^\"'`\n]{1,120}[\"'`](?:@[\"'`][^\"'`\n]{1,80}[\"'`])?"
    r"|[^\s\"'`:=,;(){}<>]{1,80}+(?:://[^\s\"'`:]{1,100}+)?(?::\d{2,5}(?=:))?)"
)
LABEL = rf"{THING}[^\S\n]?[:=]"
PHRASE = rf"[^\S\n]{OF}[^\S\n](?!{LABEL})(?:(?!in\b)[^\W\d_]{{1,20}}+[^\S\n](?!{LABEL})){{0,2}}{NAMED}"
GIVEN = (
    r"[^\S\n](?:entered|given|provided|supplied|received|used|sent|tried|typed|submitted|stored|generated|in[^\S\n]use"
    r"|eingegeben|angegeben|saisi|fourni|introducida|informada|inserita)"
)
ABOUT = rf"(?:{ASIDE}|{PHRASE}|{GIVEN}){{1,2}}"
STATED = r"[^\S\n](?:lautet(?:e|en)?|equals)(?::|(?=[^\S\n]))"
PHRASED = rf"(?:{ABOUT}{GAP}(?::(?![:/=]|\w{{1,12}}:`)|=(?![=~>])|[：＝])|(?:{ABOUT})?{STATED}){GAP}{BELOW}"  # noqa: RUF001 - as above
# In scripts without spaces: up to six letters, what says *is*, and then a value in ASCII or in quotes.
IS = r"(?:[是为為係成]|等于|は|が|を|[은는이가을를])"
WRITTEN = (
    r"(?=[\"'`“「『][^\s\"'`」』”]{3}|(?!sha\d|md5|aes|rsa|utf|base64)(?=[!-~]{0,40}\d)(?=[!-~]{0,40}[a-z])[!-~]{4}"
    r"|[a-z]{4,32}[.。!]?[^\S\n]{0,4}(?:\n|\Z))"
)
GLUED = rf"[^\W\d_a-z]{{0,6}}?{IS}[:：]?{GAP}{WRITTEN}"  # noqa: RUF001 - as above
# In prose and commands nothing lies between: only what has letters and digits is a value there.
MIXED = r"[bur]?(?=[\"'`]?[^\s\d]{0,40}\d)(?=[\"'`]?[^\sa-z]{0,40}[a-z])(?=[\"'`]?[^\s\"'=:,;<>(){}\[\]]{5})"
# Behind a verb it may have signs instead, or be in quotes, or a number that ends what is said.
BEHIND_VERB = (
    rf"(?:{MIXED}|(?=[bur]?[\"'`“„«][^\s\"'`”“»]{{3}})|(?=[a-z][^\s\"'=:,;<>(){{}}\[\]]{{0,40}}[!@#$%^&*+~]\S)"
    r"|(?=\d{4,12}[.!]?[^\S\n]{0,4}(?:\n|\Z)))"
)
VERB = (
    r"(?:is(?:[^\S\n]now)?|was|ist(?:[^\S\n]jetzt)?|war|est|était|es|era|fue|é|è|foi|jest|это|[—–]"  # noqa: RUF001 - a dash is meant
    r"|(?:(?:is|was|has[^\S\n]been|wurde)[^\S\n])?(?:set|changed|updated|reset|equal|geändert)[^\S\n](?:to|auf|zu|from(?:[^\S\n]\[redacted\][^\S\n]to)?))"
)
TOLD = (
    rf"(?:(?:{ABOUT})?[^\S\n]{VERB}:?[^\S\n]{{1,2}}{BEHIND_VERB}|(?:[^\S\n]{{1,4}}|(?=, got ))"
    r"(?:(?:for|of)[^\S\n](?:user[^\S\n])?[\"']?[\w.@-]{1,40}[\"']?(?=[^\S\n](?:is|was|to|[:=])[^\S\n])[^\S\n])?"
    r"(?:(?:(?:to be|to|, got|as|provided|received|supplied|given|used|is|was|set to):?|->|=|:|\||\.)[^\S\n]{1,2})?"
    rf"(?![\w-]{{1,20}}=[\"']){MIXED})"
)
LISTED = rf",[^\S\n]{{0,4}}(?:\n[^\S\n]{{0,40}})?(?=[bur]{{0,2}}{QUOTE})"
ELEMENT = r"(?:[^\S\n][^<>\n]{0,120})?(?:>|&gt;)\s{0,40}(?:<!\[cdata\[)?"
WITHIN = ELEMENT + r"(?:<[\w:]{1,20}>)?"
NEXT_ELEMENT = r"[^\S\n]{0,4}</[\w:-]{1,40}>\s{0,40}(?:<[^<>\n]{1,80}>){1,2}"
# `<name x="y" value="…"/>`
OWN = r"[^\S\n][^<>\n]{0,80}?\bvalue[^\S\n]?=(?=[\"'])"
# `setName("…")`, `name (…)`, `(name . "…")`, `{:name, "…"}`, `name;…`: only what looks like nothing but a secret.
LOOSE = r"(?:\([^\S\n]{0,4}(?=[bur]?[\"'])|[^\S\n]\((?=\w{12})|[,;|][^\S\n]{0,2}(?:<<)?|~>)"
ATTRIBUTE = (
    rf"[^<>\n{{}}]{{0,120}}?\b(?:value|val|content|v|received|input|rejected_?value){QUOTE}?"
    r"[^\S\n]{0,4}(?:=>|[=:])[^\S\n]{0,4}"
)
PART = r"(?:;[^\n]{0,80})?(?:\\r|\\n|\s){1,8}(?:content-[^\n]{0,80}(?:\\r|\\n|\s){1,8}){0,2}"
BELOW_NAME = r"\s{1,40}value:[^\S\n]{1,4}"
# `["password":protected]=>`, as PHP dumps an object.
VISIBILITY = r"(?::(?:protected|\"?[\w\\]{1,60}\"?:private))?"
