package main

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"

	eca "pulumi-salesforce-eca/sdk/go/salesforceeca"
)

// The apps of each org, and how many minutes their access tokens live.
var appsByOrg = map[string]map[string]int{
	"emea": {"Agent_Gateway": 30, "portal": 60},
	"apac": {"Agent_Gateway": 15},
}

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		settings := config.New(ctx, "")
		apps := pulumi.Map{}
		for org, minutesByApp := range appsByOrg {
			// Each org has a provider of its own, which says how to sign in.
			provider, err := eca.NewProvider(ctx, org, &eca.ProviderArgs{
				InstanceUrl: pulumi.String(settings.Require(org + "InstanceUrl")),
				ClientId:    pulumi.String(settings.Require(org + "ClientId")),
				Username:    pulumi.String(settings.Require(org + "Username")),
				PrivateKey:  settings.RequireSecret(org + "PrivateKey"),
			})
			if err != nil {
				return err
			}
			policies := pulumi.Map{}
			for app, minutes := range minutesByApp {
				policy, err := eca.NewExternalClientAppJwtPolicy(ctx, org+"-"+app, &eca.ExternalClientAppJwtPolicyArgs{
					ExternalClientApplication: pulumi.String(app),
					IsNamedUserJwtEnabled:     pulumi.Bool(true),
					NamedUserJwtTimeout:       pulumi.Int(minutes),
				}, pulumi.Provider(provider))
				if err != nil {
					return err
				}
				policies[app] = pulumi.Map{"format": policy.TokenFormat, "minutes": policy.NamedUserJwtTimeout}
			}
			apps[org] = policies
		}
		// What "pulumi stack output apps" shows: the format and the lifetime of the access tokens of each app.
		ctx.Export("apps", apps)
		return nil
	})
}
