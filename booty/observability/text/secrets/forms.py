"""The forms of secrets that begin with a sign of their issuer: the table, one line each.

A line has four columns, separated by `|`: what the secret is of, the signs it begins with, what follows, the source.
What follows is an alphabet of `signed` and how many of its characters there are at least. A `^` before it: the
sign ends ordinary words as well (`task-`), so it must begin one, and a digit must follow. Some sources are abbreviated:

gitleaks: a rule of github.com/gitleaks/gitleaks, config/gitleaks.toml
trufflehog: a detector of github.com/trufflesecurity/trufflehog, pkg/detectors
ghas: docs.github.com/code-security/reference/secret-security/supported-secret-scanning-patterns

It is longer than a module should be, since a table in two parts would hide what it lacks.
"""

from __future__ import annotations

TABLE = """
github token | ghp_ gho_ ghu_ ghs_ ghr_ github_pat_ | dotted16 | github.blog/changelog/2026-05-15, installation tokens
github token | v1. | hex40 | docs.github.com/apps/creating-github-apps (before 2021)
gitlab token | glpat- gldt- glrt- glrtr- glcbt- glptt- glft- glsoat- glimt- | dotted16 | docs.gitlab.com/security/tokens
gitlab token | glagent- gloas- glffct- glwt- GR1348941 | dotted16 | docs.gitlab.com/security/tokens
atlassian token | ATATT3 ATCTT3 ATSTT3 ATBB | padded16 | support.atlassian.com/atlassian-account
aws key | AKIA ASIA ABIA ACCA A3T | upper16 | docs.aws.amazon.com/IAM, reference_identifiers
aws session token | FwoGZXIvYXdz IQoJb3JpZ2luX2 | encoded16 | docs.aws.amazon.com/STS, API_Credentials
aws bedrock key | ABSK bedrock-api-key- | ^padded40 | docs.aws.amazon.com/bedrock/latest/userguide/api-keys.html
aws appsync key | da2- | ^alnum20 | docs.aws.amazon.com/appsync/latest/devguide/security-authz.html
amazon key | amzn.mws. amzn1.oa2-cs.v1. | word16 | ghas: amazon_oauth_client_secret
google key | AIza | word30 | gitleaks: gcp-api-key
google key | AQ.Ab | word24 | ai.google.dev/gemini-api/docs/api-key
google token | ya29. GOCSPX- | dots16 | ghas: google_oauth_access_token
google token | 1//0 | word30 | ghas: google_oauth_refresh_token
slack token | xoxa- xoxb- xoxc- xoxd- xoxe- xoxo- xoxp- xoxr- xoxs- | encoded10 | api.slack.com/concepts/token-types
slack token | xoxe.xoxb- xoxe.xoxp- xapp- xwfp- | encoded10 | api.slack.com/concepts/token-types
slack webhook | hooks.slack.com/services/ hooks.slack.com/workflows/ | path8 | gitleaks: slack-webhook-url
slack webhook | hooks.slack.com/triggers/ hooks.slack-gov.com/ | path8 | gitleaks: slack-webhook-url
discord webhook | discord.com/api/webhooks/ discordapp.com/api/webhooks/ | path8 | ghas: discord_webhook
teams webhook | webhook.office.com/webhookb2/ /IncomingWebhook/ | path16 | gitleaks: microsoft-teams-webhook
zapier webhook | hooks.zapier.com/hooks/catch/ | path8 | ghas: zapier_webhook_url
make webhook | hook.eu1.make.com/ hook.eu2.make.com/ hook.us1.make.com/ hook.us2.make.com/ | path16 | make.com/help
ifttt webhook | /with/key/ | word16 | ifttt.com/maker_webhooks
mattermost webhook | /hooks/ | ^alnum24 | developers.mattermost.com/integrate/webhooks
asp.net token | CfDJ8 | word40 | learn.microsoft.com/aspnet/core/security/data-protection
pipedream webhook | .m.pipedream.net/ | path8 | trufflehog: pipedream
stripe key | sk_live_ sk_test_ rk_live_ rk_test_ pk_live_ pk_test_ sk_prod_ | word10 | gitleaks: stripe-access-token
stripe key | rk_prod_ ek_live_ ek_test_ | word10 | gitleaks: stripe-access-token
stripe key | sk_org_live_ sk_org_test_ | word10 | docs.stripe.com/keys#organization-api-keys
stripe secret | _secret_ | mixed20 | docs.stripe.com, client_secret
webhook secret | whsec_ | padded16 | docs.stripe.com/webhooks, github.com/standard-webhooks/standard-webhooks
square token | EAAA | ^word56 | gitleaks: square-access-token
square token | sq0atp- sq0csp- sq0idp- sq0acp- | word16 | trufflehog: square
plaid token | access-sandbox- access-development- access-production- | uuid30 | gitleaks: plaid-api-token
plaid token | public-sandbox- public-production- link-sandbox- link-production- | uuid30 | gitleaks: plaid-api-token
plaid token | processor-sandbox- processor-production- | uuid30 | gitleaks: plaid-api-token
razorpay key | rzp_live_ rzp_test_ | alnum12 | razorpay.com/docs/payments/dashboard/account-settings/api-keys
flutterwave key | FLWSECK- FLWSECK_TEST- FLWPUBK- FLWPUBK_TEST- FLWSECK_TEST | word12 | gitleaks: flutterwave-secret-key
flutterwave key | FLWSECK_LIVE- | word12 | gitleaks: flutterwave-secret-key
paddle key | pdl_live_ pdl_sdbx_ pdl_ntfset_ | word16 | developer.paddle.com/api-reference/about/api-keys
polar token | polar_oat_ polar_pat_ polar_at_o_ polar_at_u_ polar_rt_ polar_cs_ polar_whs_ | word16 | docs.polar.sh
polar token | polar_ci_ | word16 | docs.polar.sh
xendit key | xnd_production_ xnd_development_ xnd_public_ | word16 | docs.xendit.co/apidocs
midtrans key | Mid-server- SB-Mid-server- | word16 | ghas: midtrans_production_server_key
paypal token | A21AA | word60 | developer.paypal.com/api/rest/authentication
paypal token | access_token$production$ access_token$sandbox$ | dollar16 | trufflehog: braintreepayments
adyen key | AQE | ^padded60 | docs.adyen.com/development-resources/api-credentials
checkout key | sk_sbox_ pk_sbox_ | word16 | ghas: checkout_test_secret_key
payment key | live_ test_ | ^alnum28 | gitleaks: lob-api-key; also mollie.com, gocardless.com
secret token | secret-token: | encoded16 | rfc-editor.org/rfc/rfc8959
openai key | sk-proj- sk-svcacct- sk-admin- sk-None- | word16 | gitleaks: openai-api-key
openai session | sess- | ^alnum40 | trufflehog: openai
api key | sk- | ^word20 | platform.openai.com, api-docs.deepseek.com and others
anthropic key | sk-ant- | word16 | gitleaks: anthropic-api-key
openrouter key | sk-or-v1- | word16 | trufflehog: openrouter
langfuse key | sk-lf- pk-lf- | uuid30 | trufflehog: langfuse
langsmith key | lsv2_pt_ lsv2_sk_ ls__ | word16 | trufflehog: langsmith
groq key | gsk_ | alnum40 | trufflehog: groq
xai key | xai- | alnum40 | trufflehog: xai
perplexity key | pplx- | alnum32 | gitleaks: perplexity-api-key
hugging face token | hf_ api_org_ | alnum30 | gitleaks: huggingface-access-token
replicate token | r8_ | alnum30 | trufflehog: replicate
together key | tgp_v1_ | word30 | docs.together.ai
fireworks key | fw_ | ^mixed20 | docs.fireworks.ai
cohere key | co_ | ^alnum36 | docs.cohere.com
cerebras key | csk- | ^alnum40 | inference-docs.cerebras.ai
nvidia key | nvapi- | word40 | trufflehog: nvapi
pinecone key | pcsk_ | word40 | ghas: pinecone_api_key
voyage key | pa- | ^mixed40 | docs.voyageai.com
jina key | jina_ | alnum32 | jina.ai/embeddings
tavily key | tvly- | word20 | docs.tavily.com
firecrawl key | fc- | ^hex30 | docs.firecrawl.dev
secret key | sk_ | ^alnum26 | trufflehog: elevenlabs; also checkout.com
cursor key | key_ | ^hex60 | cursor.com/docs
weights and biases key | wandb_v1_ | word40 | ghas: wandb_api_key
runpod key | rpa_ | ^alnum30 | docs.runpod.io
modal key | ak- as- | ^mixed22 | modal.com/docs/guide/webhook-proxy-auth
e2b key | e2b_ | hex32 | e2b.dev/docs
browserbase key | bb_live_ bb_test_ | word16 | docs.browserbase.com
brave key | BSA | ^mixed27 | api-dashboard.search.brave.com
dify key | app- dataset- | ^mixed24 | docs.dify.ai
mem0 key | m0- | ^alnum32 | docs.mem0.ai
roboflow key | rf_ | ^mixed20 | docs.roboflow.com
anyscale key | esecret_ | alnum20 | trufflehog: anyscale
kaggle token | KGAT_ | alnum30 | kaggle.com/docs/api
apify token | apify_api_ apify_proxy_ | alnum30 | trufflehog: apify
scrapfly key | scp-live- scp-test- | hex30 | scrapfly.io/docs
cursor key | crsr_ | hex40 | cursor.com/docs
npm token | npm_ | alnum30 | gitleaks: npm-access-token
pypi token | pypi-AgE pypi-AgN | word16 | gitleaks: pypi-upload-token
rubygems key | rubygems_ | hex40 | gitleaks: rubygems-api-token
docker token | dckr_pat_ dckr_oat_ | word16 | trufflehog: dockerhub
clojars token | CLOJARS_ | alnum40 | gitleaks: clojars-api-token
nuget key | oy2 | ^alnum43 | ghas: nuget_api_key
crates.io token | cio | ^mixed32 | ghas: cratesio_api_token
packagist token | packagist_ort_ packagist_out_ packagist_uut_ packagist_oat_ packagist_ | word30 | packagist.com/docs
jfrog token | AKCp cmVmd | ^alnum56 | gitleaks: artifactory-reference-token
bitbucket token | BBDC- | padded40 | ghas: bitbucket_server_personal_access_token
sonarqube token | sqp_ squ_ sqa_ | hex40 | trufflehog: sonarcloud
snyk token | snyk_uat. snyk_sat. | dots16 | docs.snyk.io/snyk-api/authentication-for-api
buildkite token | bkua_ bkaj_ bkct_ bkpt_ bkat_ | hex40 | buildkite.com/docs/platform/security/tokens
circleci token | CCIPAT_ CCIPRJ_ | word16 | ghas: circleci_access_token
octopus key | API- | ^upper26 | gitleaks: octopus-deploy-api-key
harness token | pat. sat. | ^mixeddots40 | gitleaks: harness-api-key
svix key | testsk_ | ^mixed30 | docs.svix.com
pulumi token | pul- | hex40 | gitleaks: pulumi-api-token
infracost key | ico- | ^alnum32 | gitleaks: infracost-api-token
spacelift key | spacelift_ | word30 | docs.spacelift.io
doppler token | dp.pt. dp.st. dp.ct. dp.sa. dp.scim. dp.audit. dp.said. | dots16 | docs.doppler.com, auth-token-formats
infisical token | st. | ^dots64 | trufflehog: infisical
vault token | hvs. hvb. hvr. | word16 | gitleaks: vault-service-token
vault token | s. b. r. | ^mixed24 | github.com/hashicorp/vault, sdk/helper/consts/token_consts.go
boundary token | at_ | ^mixed40 | developer.hashicorp.com/boundary
ory token | ory_at_ ory_rt_ ory_ac_ ory_pat_ ory_wak_ | dots30 | ory.sh/docs
1password token | ops_eyJ | padded16 | gitleaks: 1password-service-account-token
1password key | A3- | ^word30 | gitleaks: 1password-secret-key
age key | AGE-SECRET-KEY- | word40 | gitleaks: age-secret-key
tailscale key | tskey- | word16 | ghas: tailscale_api_key
openshift token | sha256~ | word40 | gitleaks: openshift-user-token
rancher token | token- | ^rancher5 | trufflehog: rancher
portainer token | ptr_ | padded40 | docs.portainer.io/api/access
cloudflare key | v1.0- | word60 | gitleaks: cloudflare-origin-ca-key
cloudflare token | cfut_ cfat_ cfk_ | word30 | developers.cloudflare.com/fundamentals/api
cloudflare turnstile key | 0x4AAAAAAA | word16 | developers.cloudflare.com/turnstile
digitalocean token | dop_v1_ doo_v1_ dor_v1_ | hex16 | gitleaks: digitalocean-pat
digitalocean model key | sk-do- | word40 | docs.digitalocean.com
heroku key | HRKU- | word36 | gitleaks: heroku-api-key-v2
fly token | fm1r_ fm1a_ fm2_ | padded40 | gitleaks: flyio-access-token
fly token | fo1_ | word40 | gitleaks: flyio-access-token
netlify token | nfp_ nfc_ nfo_ nfu_ nfb_ | alnum30 | docs.netlify.com
render key | rnd_ | alnum24 | render.com/docs/api
vercel token | vcp_ vca_ vci_ vcr_ vck_ vercel_blob_rw_ | word20 | vercel.com/docs
deno token | ddp_ ddo_ | alnum30 | docs.deno.com/deploy
scaleway key | SCW | ^upper17 | scaleway.com/en/docs
scalingo token | tk-us- | word40 | gitleaks: scalingo-api-token
backblaze key | K00 | ^padded27 | ghas: backblaze
alibaba key | LTAI | alnum16 | gitleaks: alibaba-access-key-id
tencent key | AKID | alnum30 | ghas: tencent_cloud_secret_id
baidu key | bce-v3/ALTAK- | path30 | cloud.baidu.com/doc
volcengine key | AKLT | alnum36 | ghas: volcengine_access_key_id
yandex token | t1. | ^dots60 | gitleaks: yandex-access-token
yandex token | y0_ y1_ y2_ y3_ | ^word40 | ghas: yandex_passport_oauth_token
yandex key | AQVN | word35 | gitleaks: yandex-api-key
yandex key | YCA YCM YCN YCO YCP | ^word37 | gitleaks: yandex-aws-access-token
dynatrace token | dt0c01. dt0s01. dt0s02. dt0s04. dt0s06. dt0s08. dt0s16. | dots40 | docs.dynatrace.com, access-tokens
sentry token | sntrys_ sntryu_ sntryi_ sntrya_ | padded16 | docs.sentry.io/account/auth-tokens
grafana token | glsa_ glc_ | padded16 | gitleaks: grafana-service-account-token
new relic key | NRAK- NRJS- NRII- NRIQ- NRRA- NRBR- NRAA- | word16 | docs.newrelic.com, new-relic-api-keys
honeycomb key | hcaik_ hcalk_ hcamk_ hcxik_ hcxlk_ hcbik_ hcdik_ | alnum30 | docs.honeycomb.io
posthog key | phx_ phc_ phs_ pha_ phr_ | ^word36 | posthog.com/docs/api
logfire token | pylf_v1_ pylf_v2_ | word30 | logfire.pydantic.dev/docs
axiom token | xaat- xapt- xait- | uuid30 | axiom.co/docs
datadog key | ddapp_ ddapi_ ddpat_ | alnum30 | docs.datadoghq.com/account_management/api-app-keys
launchdarkly key | sdk- api- mob- | ^uuid36 | launchdarkly.com/docs/home/account/api
configcat key | configcat-sdk-1/ | path40 | configcat.com/docs
statsig key | secret- console- | ^mixed40 | docs.statsig.com
flagsmith key | ser. | ^mixed20 | docs.flagsmith.com
incident.io key | inc_ | ^mixed40 | docs.incident.io
checkly key | cu_ | ^hex32 | checklyhq.com/docs/api
pagerduty key | pdus+ pdeu+ | word16 | ghas: pagerduty_oauth_token
rootly key | rootly_ | hex40 | docs.rootly.com
shopify token | shpat_ shpca_ shppa_ shpss_ shprt_ shpua_ shpit_ shptka_ | alnum30 | gitleaks: shopify-access-token
shopify token | shpct_ | alnum30 | gitleaks: shopify-access-token
shippo token | shippo_live_ shippo_test_ | hex40 | gitleaks: shippo-api-token
easypost key | EZAK EZTK | alnum50 | gitleaks: easypost-api-token
duffel token | duffel_live_ duffel_test_ | word40 | gitleaks: duffel-api-token
frame.io token | fio-u- | word60 | gitleaks: frameio-api-token
facebook token | EAAC EAAM EAAB EAAD EAAG EAAE EAAJ EAAL EAAO EAAP | ^alnum80 | gitleaks: facebook-page-access-token
facebook token | EAAQ EAAS EAAT EAAU EAAW EAAX EAAY EAAZ | ^alnum80 | gitleaks: facebook-page-access-token
instagram token | IGQV IGQW IGAA | ^word60 | ghas: meta
twitter token | AAAAAAAAAAAAAAAAAAAA | ^encoded40 | gitleaks: twitter-bearer-token
figma token | figd_ figo_ figoh_ figor_ figu_ figuh_ | word36 | trufflehog: figmapersonalaccesstoken
notion token | ntn_ secret_ | alnum40 | gitleaks: notion-api-token
linear key | lin_api_ lin_oauth_ lin_wh_ | alnum16 | gitleaks: linear-api-key
trello token | ATTA | ^alnum60 | ghas: trello
linkedin secret | WPL_AP1. | mixeddots16 | ghas: linkedin_client_secret
typeform token | tfp_ | dots40 | gitleaks: typeform-api-token
contentful token | CFPAT- | word40 | ghas: contentful_personal_access_token
hubspot token | pat-na1- pat-na2- pat-na3- pat-eu1- pat-ap1- | uuid36 | trufflehog: hubspotapikey
airtable token | pat | ^airtable14 | gitleaks: airtable-personnal-access-token
dropbox token | sl. sl.u. sl.B. | ^dots60 | gitleaks: dropbox-short-lived-api-token
intercom token | dG9rO | ^padded40 | trufflehog: intercom
postman key | PMAK- PMAT- | word16 | gitleaks: postman-api-token
readme key | rdme_ | alnum50 | gitleaks: readme-api-token
prefect key | pnu_ pnb_ | alnum30 | gitleaks: prefect-api-token
dbt token | dbtc_ dbts_ dbtu_ | word36 | docs.getdbt.com/docs/dbt-cloud-apis/authentication
sourcegraph token | sgp_ sgd_ slk_ sgs_ | word40 | gitleaks: sourcegraph-access-token
settlemint token | sm_aat_ sm_pat_ sm_sat_ | alnum16 | gitleaks: settlemint-application-access-token
authress key | sc_ ext_ scauth_ authress_ | ^dots60 | gitleaks: authress-service-client-access-key
defined networking key | dnkey- | word60 | gitleaks: defined-networking-api-token
cast.ai key | castai_v1_ | word40 | docs.cast.ai
chief tools token | cta_ cto_ ctp_ | ^alnum30 | ghas: chief_tools_token
twilio key | SK | hex32 | gitleaks: twilio-api-key
twilio verify key | US | ^hex32 | trufflehog: twilio
sendgrid key | SG. | ^dots60 | gitleaks: sendgrid-api-token
mailgun key | key- pubkey- | hex32 | gitleaks: mailgun-private-api-token
mailersend key | mlsn. | hex60 | ghas: mailersend
mandrill key | md- | ^mixed22 | mailchimp.com/developer/transactional
brevo key | xkeysib- xsmtpsib- | word60 | gitleaks: sendinblue-api-token
resend key | re_ | ^mixed24 | trufflehog: resend
onesignal key | os_v2_ | word40 | documentation.onesignal.com
telnyx key | KEY0 | word40 | trufflehog: telnyx
pubnub key | sec-c- | padded40 | trufflehog: pubnubsubscriptionkey
stytch key | secret-live- secret-test- | word30 | stytch.com/docs
okta token | 00 | ^mixed40 | gitleaks: okta-access-token
onfido token | api_live. api_sandbox. api_live_ca. api_live_us. | dots20 | ghas: onfido_live_api_token
persona key | persona_production_ persona_sandbox_ | word16 | ghas: persona_production_api_key
planetscale token | pscale_tkn_ pscale_pw_ pscale_oauth_ pscale_pid_ | equals16 | gitleaks: planetscale-api-token
supabase key | sbp_ sb_secret_ sbp_oauth_ sbp_v0_ | word16 | supabase.com/docs/guides/api/api-keys
neon key | napi_ | alnum40 | neon.tech/docs/manage/api-keys
neon password | npg_ | ^alnum12 | ghas: neon_connection_uri
mongodb key | mdb_sa_sk_ | word36 | mongodb.com/docs/atlas, service-accounts
aiven password | AVNS_ AVNU_ | padded12 | ghas: aiven_service_password
databricks token | dapi dkea dose dsapi | hex32 | gitleaks: databricks-api-token
clickhouse key | 4b1d | ^mixed38 | gitleaks: clickhouse-cloud-api-secret-key
xata key | xau_ | alnum30 | xata.io/docs
confluent key | cflt | ^padded50 | ghas: confluent
elastic key | essu_ | padded40 | elastic.co/docs/api
tinybird token | p.eyJ | dots40 | tinybird.co/docs
retool key | retool_ | alnum24 | docs.retool.com
inngest key | signkey-prod- signkey-test- signkey-branch- | alnum24 | inngest.com/docs
trigger.dev key | tr_prod_ tr_dev_ tr_stg_ tr_pat_ tr_preview_ | alnum20 | trigger.dev/docs
liveblocks key | sk_dev_ pk_dev_ | word20 | liveblocks.io/docs
depot token | depot_ | ^alnum40 | depot.dev/docs
val town token | vtwn_ | alnum30 | docs.val.town
n8n key | n8n_api_ | word30 | docs.n8n.io
unkey key | unkey_ | alnum20 | unkey.com/docs
courier key | pk_prod_ | ^upper24 | courier.com/docs
zuplo key | zpka_ | alnum30 | ghas: zuplo_consumer_api_key
chromatic token | chpt_ | alnum16 | chromatic.com/docs
devcycle key | dvc_server_ dvc_client_ dvc_mobile_ | word30 | ghas: devcycle_server_api_key
dnsimple token | dnsimple_a_ dnsimple_u_ | word30 | developer.dnsimple.com
weblate token | wlu_ wlp_ | alnum30 | docs.weblate.org
cal.com key | cal_live_ cal_ | ^mixed24 | cal.com/docs
plain key | plainApiKey_ | word20 | plain.com/docs
porkbun key | pk1_ sk1_ | ^alnum60 | porkbun.com/api
matrix token | syt_ | word24 | spec.matrix.org
adafruit key | aio_ | ^alnum26 | ghas: adafruit_io_key
mapbox token | sk.eyJ tk.eyJ | dots30 | docs.mapbox.com/accounts/guides/tokens
adobe secret | p8e- | alnum30 | gitleaks: adobe-client-secret
akamai key | akab- | dots40 | techdocs.akamai.com
duo key | DI | ^upper18 | duo.com/docs
looker key | lkr_ | ^alnum20 | trufflehog: looker
samsara token | samsara_api_ | alnum20 | ghas: samsara_api_token
fullstory key | na1. eu1. | ^padded40 | ghas: fullstory_api_key
thunderstore token | tss_ | ^alnum30 | ghas: thunderstore_io_api_token
tableau token | tableau_ | padded40 | ghas: tableau_personal_access_token
uniwise key | uniwise_ | alnum30 | ghas: uniwise_api_key
workos key | sk_a2V5 | padded40 | ghas: workos_production_api_key
canva secret | cnvca | word40 | ghas: canva_connect_api_secret
asana token | 0/ 1/ 2/ | ^asana10 | ghas: asana_personal_access_token
kubernetes secret | LS0tLS1CRUdJTi | padded16 | kubernetes.io, kubeconfig: Base64 of -----BEGIN
encoded secret | cGFzc3dvcm UGFzc3dvcm Bhc3N3b3Jk YXNzd29yZ UEFTU1dPUk | padded8 | Base64 of a telling name
encoded secret | BBU1NXT1JE QVNTV09SR U0VDUkVUX c2VjcmV0P c2VjcmV0X | padded8 | Base64 of a telling name
encoded secret | YXBpX2tleT QVBJX0tFWT dG9rZW49 dG9rZW46 VE9LRU49 | padded8 | Base64 of a telling name
encoded address | cG9zdGdyZXM6Ly cG9zdGdyZXNxbDovL bXlzcWw6Ly | padded8 | Base64 of a database's address
encoded address | bW9uZ29kYjovL bW9uZ29kYitzcnY6Ly YW1xcDovL YW1xcHM6Ly | padded8 | Base64 of a database's address
encoded address | cmVkaXM6Ly cmVkaXNzOi8v | padded8 | Base64 of a database's address
bitcoin key | xprv yprv zprv | alnum100 | github.com/bitcoin/bips, bip-0032
wallet key | suiprivkey1 nsec1 | alnum50 | github.com/nostr-protocol/nips, 19.md
"""
