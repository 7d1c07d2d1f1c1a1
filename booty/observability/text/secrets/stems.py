"""The letters that a name which may tell of a secret has in it, in small ones."""

from __future__ import annotations

ASCII_STEMS = (
    r"p(?:ass|s?wd|w\b|sk\b|in\b|at\b|hrase|epper|arol)|s(?:ecret(?<!\d{12}:secret)|ess|id\b|ig|alt|tring\b|aml|enha|ifre"
    r"|alasana|andi|lapta|sn|egre[dt]|ekret|leutel|chl(?:ue?|ü)ssel)|to(?:ken|tp)|k(?:ey|ennwort|h[aẩ]u|lucz)|a(?:uth|ssertion|nswer\b|dgangskode)|otp|jwt|xsrf"
    r"|c(?:red|ookie|odes?\b|v[vc]|srf|ontrase|lave|ommunity|h(?:av|iav)e\b)|bearer|m(?:dp|nemonic)|ur[il]\b|l(?:ink\b|[oö]senord"
    r"|ozinka)|verifier|wachtwoord|h(?:as[lł]o|eslo)|je(?:lsz|ton)|zaporka|ge(?:slo|heim)|fjal"
)
STEMS = (
    rf"{ASCII_STEMS}|clé\b|şifre|парол|лозинк|ключ|токен|секрет|κωδικ|סיסמ|المرور|السر|密[码碼钥鑰]|[秘私]钥|[私金]鑰|口令|令牌"
    r"|[权權]杖|[凭憑][证證据]|验证码|驗證碼|秘密(?:鍵|キー)|(?:アクセス|api)[^\S\n]?キー|シークレット|トークン|認証コード|시크릿"
    r"|(?:인증|액세스|api)[^\S\n]?키|토큰|인증번호"
    r"|パス(?:ワード|フレーズ)|暗証番号|비밀(?:번호|[^\S\n]?키)|암호|รหัสผ่าน|पासवर्ड|合言葉"
)
# What says in Romance and Slavic languages, behind the word for a key, that it is a secret one.
SORT = (
    r"[^\S\n](?:d(?:['’]|[ei][^\S\n]))?(?:api|secr[eèé]t[aeo]|segreta|priv(?:ée|ada|ata)|tajny|prywatny|dostępu|доступа"  # noqa: RUF001 - an apostrophe
    r"|acc?[eè]ss?o?)\b"
)
