"""A secret beside its name goes, in whatever syntax the two are written; what only speaks of one stays."""

from __future__ import annotations

import re

import pytest
from support.made_secrets import made
from support.secret_texts import PAIRED

from booty.observability.text.redaction import redact

# The secrets are built at run time, so that none is in the repository for a scanner to find.
WRITTEN = [
    "password is: {a16}",
    "Password = {a16}",
    "pwd:{a16}",
    "The secret: {a16}",
    "pass phrase: {a16}",
    "passPhrase={a16}",
    "PASSWORD\t{a16}",
    "Password:\n{a16}",
    "password:\r\n  {a16}\r\n",
    "  - password: {a16}",
    "password: !vault {a16}",
    "password: !!str {a16}",
    "password: &anchor {a16}",
    "password: '{a16}' # comment",
    "password = '''{a16}'''",
    'password = """\n{a16}\n"""',
    "password: >\n\n  {a16}",
    "password: |-\n  {a16}\n  more",
    "apiKey:\n  value: {a16}",
    "password:\n  value: {a16}",
    "password:\n    - {a16}",
    "password: [{a16}]",
    '"password": ["{a16}"]',
    "'password': {'value': '{a16}'}",
    '"password":{"value":"{a16}"}',
    "password: { value: {a16} }",
    "password={{a16}}",
    "password=<{a16}>",
    "password=({a16})",
    'password("{a16}")',
    '.password("{a16}")',
    'setPassword("{a16}")',
    "withPassword('{a16}')",
    'password -> "{a16}"',
    "Password => {a16}",
    ":password => :{a16}",
    "'password', '{a16}'",
    '{"password","{a16}"}',
    '(password . "{a16}")',
    '(:password "{a16}")',
    '{:password, "{a16}"}',
    "password;{a16}",
    "password|{a16}",
    r"'password:\n  {a16}\nuser: ann'",
    r"'<key>password</key>\n<string>{a16}</string>'",
    r"array(1) {{\n  [\"password\"]=>\n  string(16) \"{a16}\"\n}}",
    r"'- name: DB_PASSWORD\n  value: {a16}\n'",
    "the password for ann is {a16}",
    "password of user 'ann@example' was {a16}",
    'Config {{ password: Some("{a16}") }}',
    '["password":protected]=>\n  string(16) "{a16}"',
    '["password":"App\\User":private]=>\n  string(16) "{a16}"',
    "&lt;password&gt;{a16}&lt;/password&gt;",
    "secret={a16}ey~J{a36} and more",
    "secret=ey~J{a36}.x+{a16}",
    "INSERT INTO users (name, password) VALUES ('ann', '{a16}')",
    "SELECT pgp_sym_encrypt('text', '{a16}')",
    "dial ann:{a16}@tcp(db:3306)/shop",
    "net use x: /user:ann {a16}",
    "snmp-server community {a16} RO",
    "rootpw={a16}",
    "pepper: {a16}",
    "unseal_key={a16}",
    "password,{a16}",
    "<password value='{a16}'/>",
    "<password>\n  {a16}\n</password>",
    "<c:password><![CDATA[ {a16} ]]></c:password>",
    "<input name='password' type='hidden' value='{a16}'/>",
    '<textarea name="secret">{a16}</textarea>',
    "<data name='password' xml:space='preserve'><value>{a16}</value></data>",
    "<li>password: {a16}</li>",
    '<td>api_key</td>\n<td class="code"><pre>&#x27;{a16}&#x27;</pre></td>',
    "<tr><td>SECRET_KEY</td><td>'{a16}'</td></tr>",
    's:8:"password";s:16:"{a16}";',
    'a:1:{s:8:"password";s:16:"{a16}";}',
    'O:4:"User":1:{s:8:"password";s:16:"{a16}"}',
    'password string = "{a16}"',
    "'password' = \"{a16}\"",
    '["password", "{a16}"]',
    "password%3A%20{a16}",
    "password%3d{a16}%26",
    '\\"password\\": \\"{a16}\\"',
    "\\'password\\': \\'{a16}\\'",
    "mysql://root:{a16}@localhost/db",
    "http://bob:{a16}@[::1]/",
    "redis://{a16}@h",
    "postgres://bob@h/db?password={a16}",
    'Server=tcp:x;User Id=a;Password="{a16}";',
    "PWD={a16};UID=sa",
    "jdbc:mysql://h/d?user=a&password={a16}",
    "--set-string auth.password={a16}",
    "-DPASSWORD={a16}",
    "-Ppassword={a16}",
    "/p:Password={a16}",
    "/password:{a16}",
    "/pass:{a16}",
    "--pass {a16}",
    "--pw={a16}",
    "--auth-token {a16}",
    "--secret={a16}",
    "-e PASSWORD={a16}",
    "--env API_KEY={a16}",
    "--build-arg TOKEN={a16}",
    '-H "X-Auth-Token: {a16}"',
    "-H 'Authorization: ApiKey {a16}'",
    "-b 'session={a16}'",
    '--cookie "sid={a16}"',
    "http POST x password={a16}",
    "http -a bob:{a16} x",
    "--auth bob:{a16}",
    "xh -a bob:{a16}",
    "lftp -u bob,{a16} h",
    "mount -o username=a,password={a16}",
    "psql postgresql://a:{a16}@h",
    "export MYSQL_PWD={a16}",
    "mongo --password {a16}",
    "mongodb --username a --password='{a16}'",
    'Authorization: OAuth oauth_token="{a16}", oauth_signature="{a16}"',
    'Authorization: Hawk id="x", mac="{a16}"',
    "Authorization=Bearer%20{a16}",
    "authorization:Bearer {a16}",
    '"authorization": ["Bearer {a16}"]',
    "Authorization: {a16}:{a16}",
    "Authorization: Bearer  {a16}",
    "Authorization: JWT {a16}",
    "Authorization: GoogleLogin auth={a16}",
    "Authorization: SSWS {a16}",
    "Authorization: AWS {a16}:{a16}",
    "Authorization: Key {a16}",
    "Authorization: Apikey {a16}",
    "headers: {'x-api-key': '{a16}'}",
    "Headers({'api-key': '{a16}'})",
    "api_key {a16}",
    "Api key {a16} is invalid",
    "access token {a16}",
    "refresh token: {a16}",
    "bot token {a16}",
    "client secret {a16}",
    "sessionId={a16}",
    "DEEPGRAM_KEY={a32}",
    "SAMLResponse={a32}",
    "code_verifier={a32}",
    "https://shop.example.com/password/reset/MTc/{a32}",
    "https://shop.example.com/verify-email/{a32}",
    "https://maker.ifttt.com/trigger/x/with/key/{a32}",
    "password:\n  {a16}",
    "db:\n  password:\n    {a16}\n  port: 1",
    "  api_key: >\n    {a16}\n",
    "<![CDATA[password={a16}]]>",
    "<dict><key>Password</key><string>{a16}</string></dict>",
    "<key>password</key>\n\t<string>{a16}</string>",
    "['mysql', '--user', 'app', '--password', '{a16}', '--host', 'db']",
    '["--api-key","{a16}","-v"]',
    'array(1) {\n  ["password"]=>\n  string(16) "{a16}"\n}',
    "[password] => {a16}",
    "Array\n(\n    [password] => {a16}\n)",
    "stdClass Object ( [api_key] => {a16} )",
    "SET PASSWORD = PASSWORD('{a16}')",
    "SET PASSWORD FOR 'a'@'%' = PASSWORD('{a16}')",
    "ALTER USER 'a' IDENTIFIED WITH mysql_native_password BY '{a16}'",
    "CREATE LOGIN a WITH PASSWORD = N'{a16}'",
    "CREATE ROLE a LOGIN ENCRYPTED PASSWORD '{a16}'",
    'IDENTIFIED BY "{a16}"',
    'CREATE USER a PASSWORD "{a16}"',
    "requirepass {a16}",
    'CONFIG SET requirepass "{a16}"',
    "masterauth {a16}",
    "AUTH {a16}",
    "AUTH default {a16}",
    '"AUTH" "{a16}"',
    "ACL SETUSER app on >{a16} ~*",
    "passwordfoo={a16}",
    "PASSWORDMAIN={a16}",
    "mypassword={a16}",
    "xpassword1: {a16}",
    "password_old={a16}",
    "passwordOld: {a16}",
    "password1={a16}",
    "the_password_for_db={a16}",
    "appDbPasswordReadonly={a16}",
    "Passwort: {a16}",
    "Kennwort={a16}",
    "senha: {a16}",
    "hasło={a16}",
    "mot de passe : {a16}",
    "Mot de passe: {a16}",
    "密码: {a16}",
    "密码：{a16}",  # noqa: RUF001 - a full-width colon is meant
    "şifre={a16}",
    "비밀번호: {a16}",
    "clave={a16}",
    "contrasena: {a16}",
    "lösenord={a16}",
    "heslo={a16}",
    "salasana={a16}",
    "jelszó={a16}",
    "parola={a16}",
    "adgangskode={a16}",
    "passord={a16}",
    "κωδικός={a16}",
    "סיסמה: {a16}",
    "كلمة المرور: {a16}",
    "รหัสผ่าน: {a16}",
    "mật khẩu: {a16}",
    "kata sandi: {a16}",
    "пароль: {a16}",
    "Пароль {a16}",
    "用户密码={a16}",
    "口令={a16}",
    "暗証番号={a16}",
    "wachtwoord: {a16}",
    'Content-Disposition: form-data; name="password"\r\n\r\n{a16}\r\n--x',
    'form-data; name="password"\n\n{a16}\n',
    'Content-Disposition: form-data; name=\\"password\\"\\r\\n\\r\\n{a16}\\r\\n',
    '------WebKit\nContent-Disposition: form-data; name="api_key"\nContent-Type: text/plain\n\n{a16}\n------',
    '{"key": "password", "value": "{a16}"}',
    '{"value": "{a16}", "key": "password"}',
    '{"name":"API_KEY","value":"{a16}"}',
    "[{'name': 'Authorization', 'value': '{a16}'}]",
    "{key: 'password', value: '{a16}'}",
    "- name: DB_PASSWORD\n  value: {a16}",
    '- name: DB_PASSWORD\n  value: "{a16}"',
    '{"Key":"Password","Value":"{a16}"}',
    '{"header":"X-Api-Key","value":"{a16}"}',
    '{\\"key\\":\\"password\\",\\"value\\":\\"{a16}\\"}',
    '{"key":"password","type":"text","value":"{a16}"}',
    "name=password value={a16}",
    "rawHeaders: ['Host', 'x', 'Authorization', '{a16}', 'Accept', '*/*']",
    '["Authorization","{a16}"]',
    "[['x-api-key','{a16}']]",
    '[\\"Authorization\\",\\"{a16}\\"]',
    '<input type="hidden" name="csrf_token" value="{a16}">',
    '<meta name="csrf-token" content="{a16}">',
    '<meta content="{a16}" name="csrf-token">',
    '<string name="api_key">{a16}</string>',
    '<entry key="password">{a16}</entry>',
    "<property><name>fs.s3a.secret.key</name><value>{a16}</value></property>",
    "<th>Password</th><td>{a16}</td>",
    '<ns:Password type="x">{a16}</ns:Password>',
    '<Password xmlns="urn">{a16}</Password>',
    "<password>\n{a16}\n</password>",
    '<param name="password">{a16}</param>',
    '<setting name="ApiKey"><value>{a16}</value></setting>',
    "userPassword: {a16}",
    "userPassword:: {a16}==",
    "unicodePwd:: {a16}",
    "olcRootPW: {a16}",
    "olcRootPW: {SSHA}{a32}",
    "define('DB_PASSWORD', '{a16}');",
    "define( 'AUTH_KEY', '{a16} x y' );",
    "define('AUTH_SALT', '{a16}');",
    "SECRET_KEY = 'django-insecure-{a16}#$'",
    "config.secret_key_base = '{a16}'",
    "RAILS_MASTER_KEY={h32}",
    "APP_KEY=base64:{a16}=",
    'const password: string = "{a16}"',
    'password: str = "{a16}"',
    'String password = "{a16}";',
    "let password = `{a16}`",
    'val password = "{a16}"',
    'password := "{a16}"',
    'Password:"{a16}"',
    "&{User:app Password:{a16}}",
    '#<User id: 1, password: "{a16}">',
    '#<User @password="{a16}">',
    "User{password='{a16}', id=1}",
    "User(password={a16})",
    "password -> {a16}",
    "password | {a16}",
    "{'password': b'{a16}'}",
    "\"password\" : '{a16}'",
    "password=“{a16}”",
    "%7B%22password%22%3A%22{a16}%22%7D",
    "password%253D{a16}",
    "{&quot;password&quot;:&quot;{a16}&quot;}",
    "{\\u0022password\\u0022:\\u0022{a16}\\u0022}",
    "password\\u003d{a16}",
    "password&#61;{a16}",
    '{\\\\\\"password\\\\\\":\\\\\\"{a16}\\\\\\"}',
    "?password={a16}&x=1",
    "#access_token={a16}",
    "&refresh_token={a16}",
    '$env:DB_PASSWORD = "{a16}"',
    "$env:DB_PASSWORD='{a16}'",
    'ConvertTo-SecureString "{a16}" -AsPlainText -Force',
    '-Password "{a16}"',
    "-Password {a16}",
    "set DB_PASSWORD={a16}",
    "SetEnv DB_PASSWORD {a16}",
    "setenv DB_PASSWORD {a16}",
    "fastcgi_param DB_PASSWORD {a16};",
    "ENV API_KEY={a16}",
    "ENV API_TOKEN {a16}",
    "ARG NPM_TOKEN={a16}",
    "export API_KEY={a16}",
    "aws configure set aws_secret_access_key {a32}",
    "git config user.password {a16}",
    "npm config set //r/:_authToken {a16}",
    "heroku config:set SECRET={a16}",
    "vault kv put secret/x password={a16}",
    "vault login {a16}",
    "curl -u bob:{a16} https://x",
    "curl --user bob:{a16}",
    "curl -d 'password={a16}'",
    'curl -H "Authorization: {a16}"',
    "wget --password={a16}",
    "wget --http-password={a16}",
    'psql "host=x password={a16}"',
    "mysql -uroot -p{a16}",
    "mysqldump -p'{a16}' db",
    "redis-cli -a {a16}",
    "redis-cli -u redis://:{a16}@h",
    "openssl rsa -passin pass:{a16}",
    "openssl pkcs12 -password pass:{a16}",
    "keytool -storepass {a16} -keypass x",
    "ldapsearch -D cn=a -w {a16}",
    "smbclient //x/y -U bob%{a16}",
    "zip -P {a16} a.zip b",
    "7z x -p{a16} a.7z",
    "sqlcmd -S db -U sa -P {a16}",
    "sshpass -p '{a16}' ssh",
    "sshpass -p{a16} ssh",
    "echo '{a16}' | sudo -S ls",
    "echo 'root:{a16}' | chpasswd",
    "echo {a16} | docker login --password-stdin",
    "net user bob {a16} /add",
    "plink -pw {a16} host",
    "java -Dpassword={a16}",
    "java -Ddb.password={a16} -jar x",
    "ansible-playbook -e 'db_password={a16}'",
    "gpg --passphrase {a16}",
    'gpg --passphrase "{a16}"',
    "rclone --sftp-pass {a16}",
    "--token {a16}",
    "--client-secret={a16}",
    "az login -u x -p {a16}",
    "Cookie: session={a16}",
    "Cookie: a=b; session={a16}",
    "Set-Cookie: sid={a16}; Path=/",
    "cookie: '{a16}'",
    "Proxy-Authorization: Basic {a16}",
    "X-Amz-Security-Token: {a16}",
    "X-Goog-Api-Key: {a16}",
    "X-Shopify-Access-Token: {a16}",
    "X-Gitlab-Token: {a16}",
    "X-Figma-Token: {a16}",
    "Api-Key: {a16}",
    "apikey: {a16}",
    "DD-API-KEY: {a16}",
    "X-Auth-Key: {a16}",
    "X-Plex-Token: {a16}",
    "x-functions-key: {a16}",
    "X-Hub-Signature-256: sha256={h32}{h32}",
    "Ocp-Apim-Subscription-Key: {a16}",
    "X-RapidAPI-Key: {a16}",
    "X-Access-Token: {a16}",
    "X-Session-Token: {a16}",
    "X-Parse-REST-API-Key: {a16}",
    "X-Parse-Master-Key: {a16}",
    "X-Api-Secret: {a16}",
    "X-Admin-Token: {a16}",
    "X-Consul-Token: {a16}",
    "X-Algolia-API-Key: {a16}",
    "x-auth: {a16}",
    "Authentication: {a16}",
    "X-Secret: {a16}",
    "localhost:5432:db:app:{a16}",
    "*:*:*:app:{a16}",
    "root:$6$saltsalt${a64}",
    "pbkdf2_sha256$600000$saltsalt${a32}=",
    "PASS {a16}",
    "a1 LOGIN bob {a16}",
    "AUTH PLAIN {a32}",
    "334 VXNlcm5hbWU6 AUTH LOGIN {a32}",
    "PRIVMSG NickServ :IDENTIFY {a16}",
    "enable secret 5 $1${a16}",
    "the token is {a16}",
    "token was {a16}",
    "secret is {a16}",
    "api key is {a16}",
    "password set to {a16}",
    "using password {a16}",
    "Invalid API key provided: {a16}",
    "Incorrect API key provided: {a16}.",
    "invalid token {a16}",
    "bad api key '{a16}'",
    'token "{a16}" expired',
    'password: "{a16}" invalid',
    "Bearer {a16}",
    "Token {a32}",
    "wrong password '{a16}' for bob",
    "postgres://u:{a16}@h/d",
    "mongodb+srv://u:{a16}@c.mongodb.net",
    "jdbc:postgresql://h/d?user=a&password={a16}",
    "jdbc:sqlserver://h;user=a;password={a16};",
    "Data Source=h;User ID=a;Password={a16}",
    "Server=h;Pwd={a16}",
    "AccountKey={a64}==",
    "SharedAccessSignature=sv=2020&sig={a16}%3D",
    "https://x?sig={a16}",
    "https://h/p?X-Amz-Signature={h32}",
    "otpauth://totp/x?secret={a16}",
    "cloudinary://123:{a16}@c",
    "https://{h32}@o1.ingest.sentry.io/1",
    "amqp://u:{a16}@h",
    "smb://u:{a16}@h",
    '"auth": "{a32}"',
    '{"auths":{"x":{"auth":"{a32}"}}}',
    "//r/:_password={a16}",
    '{"http-basic":{"x":{"username":"a","password":"{a16}"}}}',
    "client-key-data: LS0tLS1CRUdJTi{a32}",
    "data:\n  password: {a16}=",
    "stringData:\n  token: {a16}",
    '{"kty":"RSA","n":"x","d":"{a32}"}',
    'psk="{a16}"',
    "wpa_passphrase={a16}",
    "---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\n{a32}\n---- END SSH2 ENCRYPTED PRIVATE KEY ----",
    "-----BEGIN OpenVPN Static key V1-----\n{h32}\n-----END OpenVPN Static key V1-----",
    "auth=('bob', '{a16}')",
    "HTTPBasicAuth('bob', '{a16}')",
    'new NetworkCredential("bob", "{a16}")',
    "login('bob', '{a16}')",
    'conn.login("bob","{a16}")',
    'setProperty("password", "{a16}")',
    'map.put("password", "{a16}")',
    "os.environ['API_KEY'] = '{a16}'",
    "ENV['SECRET'] = '{a16}'",
    "process.env.SECRET = '{a16}'",
    "data['password'] == '{a16}'",
    'if password == "{a16}":',
    "session_key={a16}",
    "jwt={a16}",
    "bearer_token: {a16}",
    "ssh_key={a16}",
    "license_key={a16}",
    "webhook_secret={a16}",
    "signature={a16}",
    "hmac_key={a16}",
    "client_id=x client_secret={a16}",
    "aws_secret={a32}",
    "secretAccessKey: {a32}",
    "accessKeySecret: {a32}",
    "connectionString: {a16}",
    "service_role_key={a16}",
    "anon_key={a16}",
    "deploy_key={a16}",
    "write_key={a16}",
    "integration_key={a16}",
    "account_sid=x auth_token={h32}",
    "credentials: {a16}",
    "creds={a16}",
    "passcode={a16}",
    "pwd: {a16}",
    "passwd: {a16}",
    "pass: {a16}",
    "pw={a16}",
    "secret_access_key={a32}",
    "tokenValue: {a16}",
    "authcode={a16}",
    "access_code: {a16}",
    "storepass={a16}",
    "keystore.password={a16}",
    'sasl.jaas.config=x password="{a16}";',
    "spring.security.user.password={a16}",
    "MYSQL_ROOT_PASSWORD: {a16}",
    "POSTGRES_PASSWORD={a16}",
    "PGPASSWORD='{a16}'",
    "MONGO_INITDB_ROOT_PASSWORD={a16}",
    "SMTP_PASS={a16}",
    "EMAIL_HOST_PASSWORD = '{a16}'",
    "IDENTIFIED BY '[red IDENTIFIED BY '{a16}'",
    "password='[red' password='{a16}'",
    'password="it\'s {a16}"',
]
HARMLESS = """
self.password = password
def create(self, session: PipSession, token: EventLoopToken | None) -> None:
token = Comment.Multiline
'C:\\passwords\\new.txt' and C:\\app\\password\\node.js
'Enter password:\\n'
DB_PASSWORD=${DB_PASSWORD:-}
cache key=orders2024page3of17 sort_key=abc123def456
idempotency_key=7a485448-a9e2-4c85-8a3c-4f44175783c9
key: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
object key=uploads/2024/IMG1234aBcDeFgHiJkL.jpg not found
https://example.com/docs/password/reset/how-to-reset-your-password
def login(username: str, password: str) -> Token:
if not check_password(password, user.password):
raise ValueError("password must be at least 8 characters")
The password field is required.
password_validators = [MinimumLengthValidator]
    password = serializers.CharField(write_only=True, min_length=8)
self.token = token or os.environ.get("GITHUB_TOKEN")
const { password, ...rest } = user;
return jwt.decode(token, key, algorithms=["HS256"])
user.set_password(raw_password)
SELECT id, password_hash FROM users WHERE email = $1
column "password_digest" does not exist
Invalid credentials for user bob
authentication failed: token expired at 2026-11-25T10:00:00Z
JsonWebTokenError: invalid signature
TokenExpiredError: jwt expired
Unexpected token } in JSON at position 1234
SyntaxError: Unexpected token 'export'
Unexpected identifier 'token2'
ERROR: syntax error at or near "password" at character 17
KeyError: 'api_key'
Missing required env var STRIPE_SECRET_KEY
missing 1 required positional argument: 'token'
secret "db-credentials-v2" not found
secrets "shop-tls-2024" not found in namespace "prod"
configmap "shop-config-7d9f8b6c5d" not found
pod shop-7d9f8b6c5d-x2k4j OOMKilled
token bucket exhausted: 17 of 100
rate limit for key user:42 exceeded
cache miss for key orders:2026-11-25:page:2
lru_cache key=('orders', 42)
duplicate key value violates unique constraint "users_email_key"
Key (order_id)=(1234567) is not present in table "orders".
foreign key constraint fails (`shop`.`orders`, CONSTRAINT `fk_user` FOREIGN KEY (`user_id`))
sort_key=created_at partition_key=2024q3
primary key: id BIGINT
keyboard layout de-latin1
keyCode=13 key=Enter
const key = `${user.id}:${page}`
for key, value in items.items():
Object.keys(data).map(key => data[key])
dict_keys(['a1', 'b2'])
public_key.pem not found
public key fingerprint SHA256:uNiVztksCsDhcc0u9e8BrqXXVDpJ2v3l8xN5wHcq0aE
ssh-rsa host key verification failed
KMS key arn:aws:kms:eu-west-1:123456789012:key/7a485448-a9e2-4c85-8a3c-4f44175783c9
GET /api/v1/tokens/42/refresh 404
POST /auth/login 401 12ms
/account/password/reset/done
https://example.com/docs/api-keys#rotating
auth service unreachable at auth.internal:8080
oauth2: cannot fetch token: 401 Unauthorized
csrf token missing
CSRF verification failed. Request aborted.
session 42 closed after 300s
session_timeout=1800 session_engine=redis
cookies: disabled, localStorage: enabled
cookie_domain=example.com
credential helper osxkeychain
credentials file ~/.aws/credentials not readable
aws_access_key_id is not set
passenger_app_root=/srv/app
compass=12 bypass=true
pass: 12, fail: 3, skip: 1
PASS tests/test_login.py::test_ok
PASS src/app.test.js
12 passed, 3 failed in 4.5s
signature_version=s3v4
signature mismatch: expected sha256
Function signature: (a1: int, b2: str)
sig=SIGSEGV code=139
exit code 137
error code: ECONNREFUSED
HTTP code 502 for upstream shop-2
postal code 12345 invalid
country_code=DE currency_code=EUR
status_code=500 error_code=E1234567
zip_code: 10115
pin_to_cpu=3
otp_enabled=false
salt-master version 3006.4
salt: stack
string "abc123" is not valid
connection string is empty
url=/checkout/step2
callback_url: https://example.com/cb
webhook delivery failed: 500
phrase not found
seed=42
checksum sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
ETag: "33a64df551425fcc55e4d42a148795d9f25f89d4"
commit 3f6c1d0e9b8a7f6e5d4c3b2a19081726354453f2 by bob
git_sha=3f6c1d0e9b8a7f6e5d4c3b2a19081726354453f2
trace_id=4bf92f3577b34da6a3ce929d0e0e4736 span_id=00f067aa0ba902b7
request_id=7a485448-a9e2-4c85-8a3c-4f44175783c9
event_id: d09848ff73c36ba677a9c6ffc528ff32
X-Request-Id: 01HF7YAT31JZHSMW1CG6Q6MHB7
docker image nginx@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
node_modules/@sentry/browser/build/npm/esm/index-BxZ7kQ2p.js
at Object.<anonymous> (/srv/app/dist/auth/token.service.js:42:17)
at com.example.auth.TokenProvider.validateToken(TokenProvider.java:42)
src/auth/password_reset.py in send_token at line 42
app/models/user.rb:17:in `authenticate_with_token'
passwords.csv has 3 columns
Too many requests, retry in 30s
max_tokens: 4096, total_tokens: 1234
prompt_tokens=1234 completion_tokens=567
tokenizer=cl100k_base model=gpt-4o-2024-08-06
model=claude-3-5-sonnet-20241022
next_token=null
nextPageToken missing
page_token: none
token_type: bearer, expires_in: 3600
access_token_lifetime=15m
refresh_token_rotation=true
<button class="btn-password-toggle">Show</button>
<label for="password">Password</label>
<input type="password" name="password" autocomplete="current-password">
<input type="password" placeholder="Password">
{"type":"string","name":"password","required":true}
{"field": "password", "error": "too short"}
{"password": ["This field is required."]}
{'username': ['Enter a valid username.'], 'password': ['This field may not be blank.']}
"password": null, "token": ""
password: ********
password=<redacted> token=[Filtered]
DB_PASSWORD: ${{ secrets.DB_PASSWORD }}
--password $DB_PASSWORD
export TOKEN=$(cat /run/secrets/token)
-e PASSWORD_FILE=/run/secrets/db
password_file: /etc/secrets/db-password
secretKeyRef: {name: shop-db-2, key: password}
ALTER TABLE users ADD COLUMN password_hash varchar(60)
INSERT INTO users (email, password) VALUES ($1, $2)
UPDATE users SET password = %(password)s WHERE id = 42
auth: { type: "oauth2" }
author=jane2024 authority=https://login.example.com/v2.0
authorized=true
AuthorizationError: role admin2 required
Basic auth required
Bearer realm="example"
Authorization header missing
bearer authentication is not configured
The Authorization header has no Bearer prefix
secret santa 2024
secretmanager.googleapis.com quota exceeded
vault: permission denied on path secret/data/shop2
Lorem ipsum dolor sit amet, consectetur adipiscing elit
Timeout after 30000ms waiting for selector "#password2"
element #token-input-3 not found
css: .key-2 { color: #3fa85f }
className="Password_input__2xK9a"
i18n: missing translation "auth.password.reset.title2"
v1.2.3-rc.1+build.5
C:\\Users\\app\\AppData\\Local\\Temp\\key2.tmp
libssl3_3.0.2-0ubuntu1.15_amd64.deb
10.0.0.5 - - [25/Nov/2026:10:00:00 +0000] "GET /login HTTP/1.1" 200 512
ERROR 1045 (28000): Access denied for user 'app'@'10.0.0.5' (using password: YES)
FATAL: password authentication failed for user "app2"
redis: WRONGPASS invalid username-password pair or user is disabled.
NOAUTH Authentication required.
docker run -p 8080:80 nginx:1.25
mysql -u app -h db shop < dump2.sql
echo "done2" | tee log
ffmpeg -pass 1 -i a.mp4
zip -r a2.zip dir
curl -u $USER https://x
json: cannot unmarshal string into Go struct field Config.password of type int
error: expected ';' after 'token1'
macro key!("abc2024x")
x-amz-id-2: present
key1=value1, key2=value2
monkey1 donkey2
tokens/s: 1234567
set key "user:42:name2" in redis
HSET session:42 field1 value2
failed to get key from etcd /registry/pods/shop2
hash=3fa85f64c1b2d9e0
id: pi_3MtwBwLkdIwHu7ix28a3tqPa
invoice in_1MtHbELkdIwHu7ixl4OzzPMv failed
customer cus_NffrFeUfNV2Hib has no default card
page?offset=20&limit=10
password is "required"
Passwort ist falsch
Passwort für Benutzer ann ist falsch
Das Passwort ist zu kurz. Es muss mindestens 8 Zeichen lang sein.
mot de passe incorrect
Le mot de passe est obligatoire
la contraseña es demasiado corta
a senha é obrigatória
la password è errata
hasło jest wymagane
пароль неверный
密码错误
密码是必填项
密码长度必须大于8
パスワードは8文字以上で入力してください
비밀번호는 필수 항목입니다
invalid password for user: ann42
Enter password for user ann42: permission denied
incorrect passphrase for key: /root/.ssh/id_rsa
password for ann: incorrect
could not read password from file "%s": %m
password (str): The password of the user
api_key (str, optional): API key to use
first = getpass("Password (again): ")
for token in tokens: print(token2)
Password reset email sent to: bob42
passes the password to the :class:`~pika.connection.Connection`.
geheime Schlüssel: %lu
""".strip().splitlines()
HOLE = re.compile(r"\{[ah]\d\d\}")


@pytest.mark.parametrize("written", WRITTEN)
def test_removes_a_secret_however_it_is_written_beside_its_name(written: str) -> None:
    found = redact(made(written))

    assert [hole for hole in HOLE.findall(written) if made(hole) in found] == []
    assert "[redacted" in found


@pytest.mark.parametrize("written", WRITTEN)
def test_finds_nothing_more_when_it_reads_that_again(written: str) -> None:
    once = redact(made(written))

    assert redact(once) == once


@pytest.mark.parametrize("text", HARMLESS)
def test_leaves_what_only_speaks_of_secrets_as_it_is(text: str) -> None:
    assert redact(text) == text


@pytest.mark.parametrize(("text", "secret"), PAIRED)
def test_removes_a_secret_by_the_place_that_it_is_in(text: str, secret: str) -> None:
    found = redact(made(text))

    assert made(secret) not in found
    assert "[redacted" in found
