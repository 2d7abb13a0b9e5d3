import os

import pulumi
import pulumi_salesforce_eca as eca

app = "Agent_Gateway"
uat = eca.Provider(
    "uat",
    orgs={
        "uat": eca.OrgConfigArgs(
            instance_url=os.environ["UAT_URL"], access_token=os.environ["UAT_TOKEN"]
        )
    },
    timeout_minutes=5,
)
gateway = eca.ExternalClientAppJwtPolicy(
    "gateway",
    external_client_application=app,
    is_named_user_jwt_enabled=True,
    named_user_jwt_session_timeout_type=eca.JwtSessionTimeoutType.CUSTOM,
    named_user_jwt_timeout=30,
    allow=[eca.Guard.LOCK_OUT],
)
eca.ExternalClientAppJwtPolicy(
    "gateway-uat",
    external_client_application=app,
    org="uat",
    is_named_user_jwt_enabled=True,
    named_user_jwt_timeout=15,
    opts=pulumi.ResourceOptions(provider=uat),
)
pulumi.export("format", gateway.token_format)
pulumi.export("valuesFound", gateway.values_found)

if os.environ.get("READS"):
    found = eca.get_external_client_app_jwt_policy_output(
        external_client_application=gateway.external_client_application
    )
    pulumi.export("minutes", found.named_user_token_lifetime.maximum_minutes)
    seen = eca.ExternalClientAppJwtPolicy.get("seen", app)
    pulumi.export("seen", seen.token_format)
    pulumi.export(
        "apps",
        eca.list_external_client_apps_output().apps.apply(
            lambda apps: [
                {"externalClientApplication": app.external_client_application} for app in apps
            ]
        ),
    )
