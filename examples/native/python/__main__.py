import pulumi
import pulumi_salesforce_eca as eca

# The apps of each org, and how many minutes their access tokens live.
apps_by_org = {
    "emea": {"Agent_Gateway": 30, "portal": 60},
    "apac": {"Agent_Gateway": 15},
}

config = pulumi.Config()
apps = {}
for org, minutes_by_app in apps_by_org.items():
    # Each org has a provider of its own, which says how to sign in.
    provider = eca.Provider(
        org,
        instance_url=config.require(f"{org}InstanceUrl"),
        client_id=config.require(f"{org}ClientId"),
        username=config.require(f"{org}Username"),
        private_key=config.require_secret(f"{org}PrivateKey"),
    )
    apps[org] = {}
    for app, minutes in minutes_by_app.items():
        policy = eca.ExternalClientAppJwtPolicy(
            f"{org}-{app}",
            external_client_application=app,
            is_named_user_jwt_enabled=True,
            named_user_jwt_timeout=minutes,
            opts=pulumi.ResourceOptions(provider=provider),
        )
        apps[org][app] = {
            "format": policy.token_format,
            "minutes": policy.named_user_jwt_timeout,
        }

# What "pulumi stack output apps" shows: the format and the lifetime of the access tokens of each app.
pulumi.export("apps", apps)
