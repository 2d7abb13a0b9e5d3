package main

import (
	"os"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	eca "pulumi-salesforce-eca/sdk/go/salesforceeca"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		app := pulumi.String("Agent_Gateway")
		uat, err := eca.NewProvider(ctx, "uat", &eca.ProviderArgs{
			Orgs: eca.OrgConfigMap{"uat": eca.OrgConfigArgs{
				InstanceUrl: pulumi.String(os.Getenv("UAT_URL")),
				AccessToken: pulumi.String(os.Getenv("UAT_TOKEN")),
			}},
			TimeoutMinutes: pulumi.Float64(5),
		})
		if err != nil {
			return err
		}
		gateway, err := eca.NewExternalClientAppJwtPolicy(ctx, "gateway", &eca.ExternalClientAppJwtPolicyArgs{
			ExternalClientApplication:      app,
			IsNamedUserJwtEnabled:          pulumi.Bool(true),
			NamedUserJwtSessionTimeoutType: eca.JwtSessionTimeoutTypeCustom,
			NamedUserJwtTimeout:            pulumi.Int(30),
			Allow:                          pulumi.StringArray{eca.GuardLockOut},
		})
		if err != nil {
			return err
		}
		_, err = eca.NewExternalClientAppJwtPolicy(ctx, "gateway-uat", &eca.ExternalClientAppJwtPolicyArgs{
			ExternalClientApplication: app,
			Org:                       pulumi.String("uat"),
			IsNamedUserJwtEnabled:     pulumi.Bool(true),
			NamedUserJwtTimeout:       pulumi.Int(15),
		}, pulumi.Provider(uat))
		if err != nil {
			return err
		}
		ctx.Export("format", gateway.TokenFormat)
		ctx.Export("valuesFound", gateway.ValuesFound)

		if os.Getenv("READS") != "" {
			found := eca.LookupExternalClientAppJwtPolicyOutput(ctx, eca.LookupExternalClientAppJwtPolicyOutputArgs{
				ExternalClientApplication: gateway.ExternalClientApplication,
			})
			ctx.Export("minutes", found.NamedUserTokenLifetime().MaximumMinutes())
			seen, err := eca.GetExternalClientAppJwtPolicy(ctx, "seen", pulumi.ID("Agent_Gateway"), nil)
			if err != nil {
				return err
			}
			ctx.Export("seen", seen.TokenFormat)
			ctx.Export("apps", eca.ListExternalClientAppsOutput(ctx, eca.ListExternalClientAppsOutputArgs{}).Apps())
		}
		return nil
	})
}
