package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/blang/semver"
	"github.com/hashicorp/hcl/v2"
	golang "github.com/pulumi/pulumi/pkg/v3/codegen/go"
	"github.com/pulumi/pulumi/pkg/v3/codegen/nodejs"
	"github.com/pulumi/pulumi/pkg/v3/codegen/pcl"
	"github.com/pulumi/pulumi/pkg/v3/codegen/python"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
	"github.com/pulumi/pulumi/pkg/v3/importer"
	pkgresource "github.com/pulumi/pulumi/pkg/v3/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
)

// What the official language hosts call to write a program.
var programGenerators = map[string]func(*pcl.Program) (map[string][]byte, hcl.Diagnostics, error){
	"nodejs": nodejs.GenerateProgram,
	"python": python.GenerateProgram,
	"go":     golang.GenerateProgram,
}

// Every package is the one of the schema.
type onePackage struct{ pkg *schema.Package }

func (one onePackage) LoadPackage(string, *semver.Version) (*schema.Package, error) {
	return one.pkg, nil
}

func (one onePackage) LoadPackageV2(context.Context, *schema.PackageDescriptor) (*schema.Package, error) {
	return one.pkg, nil
}

func (one onePackage) LoadPackageReference(string, *semver.Version) (schema.PackageReference, error) {
	return one.pkg.Reference(), nil
}

func (one onePackage) LoadPackageReferenceV2(
	context.Context, *schema.PackageDescriptor,
) (schema.PackageReference, error) {
	return one.pkg.Reference(), nil
}

// Writes the code that `pulumi import` prints for the resources of a stack's export: the CLI's importer describes them, and the
// generator of the language writes the program.
func writeImported(language, schemaPath, exportPath string, out io.Writer) error {
	generate, ok := programGenerators[language]
	if !ok {
		return fmt.Errorf("there is no generator for %s", language)
	}
	pkg, err := bind(schemaPath)
	if err != nil {
		return err
	}
	export, err := os.ReadFile(exportPath)
	if err != nil {
		return err
	}
	var stack struct{ Deployment apitype.DeploymentV3 }
	if err := json.Unmarshal(export, &stack); err != nil {
		return err
	}
	var imported, all []*pkgresource.State
	for _, found := range stack.Deployment.Resources {
		state := &pkgresource.State{
			Type:     found.Type,
			URN:      found.URN,
			Custom:   found.Custom,
			ID:       found.ID,
			Inputs:   resource.NewPropertyMapFromMap(found.Inputs),
			Outputs:  resource.NewPropertyMapFromMap(found.Outputs),
			Provider: found.Provider,
		}
		all = append(all, state)
		if found.Type.Package() == tokens.Package(pkg.Name) {
			imported = append(imported, state)
		}
	}
	write := func(out io.Writer, program *pcl.Program) error {
		files, diagnostics, err := generate(program)
		if err != nil {
			return err
		}
		if diagnostics.HasErrors() {
			return errors.New(diagnostics.Error())
		}
		for _, text := range files {
			if _, err := out.Write(text); err != nil {
				return err
			}
		}
		return nil
	}
	return importer.GenerateLanguageDefinitions(out, onePackage{pkg}, write, imported, all, nil)
}
