"""Secrets in commands: of shells, of protocols."""

from __future__ import annotations

import re

from booty.observability.text.secrets.joints import GAP
from booty.observability.text.secrets.places.place import Place
from booty.observability.text.secrets.values import QUOTE

# `-u name:password` of curl, `-U name%password` of Samba.
CURL_USER = re.compile(
    r"(-(?<!\S.)(?:u|U|a|-?auth|-user|-proxy-user|-http-user)[ =][\"']?[\w.@\\-]{1,64}[:%,])"
    r"(?!/|\d{1,6}(?!\S))[^\s\"']++"
)
# Programs that take a password behind a flag of one letter, some of them without a space.
PROGRAMS = (
    r"sshpass|mysql\w{0,8}|mariadb[\w-]{0,8}|redis-cli|mongo\w{0,7}|(?:docker|podman|registry|az|cf|oc)[^\S\n]login|cqlsh"
    r"|clickhouse-client|influx|sqlcmd|bcp|isql|ldap\w{3,8}|smbclient|rpcclient|u?n?zip|7za?|plink|pscp|psftp|rabbitmqctl"
)
SHORT_FLAG = re.compile(
    rf"((?<![\w.-])(?:{PROGRAMS})\b[^\n]{{0,80}}?(?:[^\S\n]|[\"'])-"
    rf"(?:[paPw](?:[^\S\n]|[\"'],[^\S\n]?[\"'])|pw[^\S\n]|p(?![\d:.]{{1,12}}(?!\S))(?=[^\s-]\S{{5}}))[\"']?)"
    r"(?![-/]|\d{1,5}(?!\S))[^\s\"']{2,}+"
)
# `-pass pass:…` and `-storepass …`, which have one dash.
LONG_FLAG = re.compile(
    r"(-(?<![\w-].)(?:pass(?:in|out|word|phrase|wd)?|(?:src|dest|deststore)?(?:store|key)pass|pw|secret|token|api-?key)"
    r"(?:[^\S\n]{1,3}|[=:])[\"']?(?:pass:)?)(?![-$<{]|env:|file:|stdin|pass:)[^\s\"']{4,}+",
    re.IGNORECASE,
)
OPENSSL = re.compile(r"(\bopenssl[^\S\n][^\n]{0,100}?[^\S\n]-[kK][^\S\n]{1,3}[\"']?)(?![-$<{])[^\s\"']{4,}+")
# What a pipe gives to a program that reads a password.
PIPED = re.compile(
    r"(echo[^\S\n]{1,3}(?:-n[^\S\n])?[\"']?(?:[\w.-]{1,40}:)?)(?![${])[^\s\"'|:]{3,}+(?=[\"']?[^\S\n]{1,3}\|[^\S\n]{1,3}(?:sudo\b"
    r"|passwd|chpasswd|docker login|podman login|kinit|cryptsetup|gh auth|su\b|gpg|openssl|smbclient))"
)
ORACLE = re.compile(r"((?:sqlplus|rman|(?:ex|im)pdp)[^\S\n][^\n/]{0,80}/)(?!/)[^\s@\"']{1,100}(?=@)")
HTPASSWD = re.compile(
    r"(htpasswd[^\S\n]{1,3}-\w{0,4}b\w{0,4}[^\S\n](?:[^\s-]\S{0,100}[^\S\n]){1,2})(?![^\s]{0,100}/)[^\s\"']{3,}+"
)
# A secret of several words: all of them, unless they are a sentence about it.
PHRASE = re.compile(
    rf"((?:mnemonic|(?:seed|recovery|secret|backup|pass)[ _-]?(?:phrase|words))[\"']?{GAP}[:=]{GAP}[\"']?)"
    r"(?!(?:this|must|is|should|cannot|can|may|has|was|too|not|no|the|please|enter|invalid|wrong|required|missing|at)\b)"
    r"(?:[a-z]{2,12}[^\S\n]){2,23}[a-z]{2,12}(?![\w'])",
    re.IGNORECASE,
)
# Commands of Redis and of the old protocols (FTP, POP3, IMAP, SMTP, IRC), and of routers.
REDIS = re.compile(
    r"((?:requirepass|masterauth|auth-pass[^\S\n]{1,4}[\w.-]{1,64})[\"']?[^\S\n]{1,4}[\"']?|setuser[^\S\n][^\n]{0,60}?[^\S\n]>)"
    r"(?![\"'{$<])[^\s\"']++",
    re.IGNORECASE,
)
AUTH = re.compile(
    r"(\bAUTH[\"']?[^\S\n]{1,2}(?:[\"']?(?:PLAIN|LOGIN|XOAUTH2|CRAM-MD5|default|[a-z]\w{0,30})[\"']?[^\S\n]{1,2})?[\"']?)"
    r"(?=[^\s0-9]{0,64}[0-9])(?=[^\sA-Za-z]{0,64}[A-Za-z])[^\s\"',;)]{6,}+"
)
PASS = re.compile(r"(\bPASS[^\S\n]:?)(?=[^\s0-9]{0,64}[0-9])(?![\w.-]*/|\w*\.\w{1,4}\b)[^\s\"',;()]{4,}+")
IMAP = re.compile(r"(\b\w{0,8}\d[^\S\n]LOGIN[^\S\n][\"']?[^\s\"']{1,64}[\"']?[^\S\n][\"']?)[^\s\"']++")
ROUTER = re.compile(r"((?:password|secret|key)[^\S\n][056789][^\S\n])[^\s]{4,}+", re.IGNORECASE)
NET_USE = re.compile(
    r"((?:net[^\S\n]{1,3}user[^\S\n]{1,3}[\w.-]{1,40}|vault login|:IDENTIFY|snmp-server community"
    r"|/user:[\w.\\@-]{1,60})[^\S\n]{1,3})(?![/-])[^\s]{4,}+",
    re.IGNORECASE,
)
# A line of PostgreSQL's password file: host, port, database, user, password.
PGPASS = re.compile(r"((?<![\w.*-])[\w.*-]{1,80}:(?:\d{4,5}|\*):[\w.*-]{1,64}:[\w.@*-]{1,64}:)[^\s:]{3,}+(?![:\w])")
# A key as JSON (RFC 7517): its private numbers have names of one or two letters.
JWK = re.compile(rf"({QUOTE}(?:d|p|q|dp|dq|qi|k){QUOTE}[^\S\n]{{0,4}}:\s{{0,8}}{QUOTE})[\w+/=-]{{16,}}+")

FLAGS = (
    Place(("-u", "-U", "-a ", "-auth"), CURL_USER, r"\1[redacted]"),
    Place(("-pass", "storepass", "keypass", "-pw", "-secret", "-token", "-api"), LONG_FLAG, r"\1[redacted]"),
    Place((":5432:", ":5433:", ":6432:", ":6543:", ":*:"), PGPASS, r"\1[redacted]"),
    Place(("kty",), JWK, r"\1[redacted]"),
)
COMMANDS = (
    Place(("mnemonic", "phrase", "words"), PHRASE, r"\1[redacted]"),
    Place((" -p", " -P", " -a", " -w", "'-p", '"-p', "'-a", '"-a'), SHORT_FLAG, r"\1[redacted]"),
    Place(("openssl ",), OPENSSL, r"\1[redacted]"),
    Place(("echo ",), PIPED, r"\1[redacted]"),
    Place(("sqlplus", "rman ", "pdp "), ORACLE, r"\1[redacted]"),
    Place(("htpasswd",), HTPASSWD, r"\1[redacted]"),
    Place(("requirepass", "masterauth", "auth-pass", "setuser"), REDIS, r"\1[redacted]"),
    Place(("AUTH",), AUTH, r"\1[redacted]"),
    Place(("PASS ",), PASS, r"\1[redacted]"),
    Place((" LOGIN ",), IMAP, r"\1[redacted]"),
    Place(("password ", "secret ", "key "), ROUTER, r"\1[redacted]"),
    Place(("net user", "vault login", ":identify", "server community", "/user:"), NET_USE, r"\1[redacted]"),
)
"""They are of several words."""
