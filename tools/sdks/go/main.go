// Pulumi's own generators for Node.js, Python and Go.
//
// Usage: sdk-generators SCHEMA FOLDER
//
// writes the SDKs of a package schema, each into the folder of its language's name in FOLDER.
//
// Usage: sdk-generators imported LANGUAGE SCHEMA EXPORT
//
// prints the program that `pulumi import` prints for the resources in the export of a stack.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	golang "github.com/pulumi/pulumi/pkg/v3/codegen/go"
	"github.com/pulumi/pulumi/pkg/v3/codegen/nodejs"
	"github.com/pulumi/pulumi/pkg/v3/codegen/python"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
)

// What the generated files say they were made with.
const tool = "pulumi"

// The schema uses no types of other packages, so nothing is ever loaded.
type noLoader struct{ schema.ReferenceLoader }

var generators = map[string]func(*schema.Package) (map[string][]byte, error){
	"nodejs": func(pkg *schema.Package) (map[string][]byte, error) {
		return nodejs.GeneratePackage(tool, pkg, nil, nil, false, noLoader{})
	},
	"python": func(pkg *schema.Package) (map[string][]byte, error) {
		return python.GeneratePackage(tool, pkg, nil, noLoader{})
	},
	"go": func(pkg *schema.Package) (map[string][]byte, error) {
		return golang.GeneratePackage(tool, pkg, nil)
	},
}

func main() {
	if len(os.Args) == 5 && os.Args[1] == "imported" {
		if err := writeImported(os.Args[2], os.Args[3], os.Args[4], os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: sdk-generators SCHEMA FOLDER, or sdk-generators imported LANGUAGE SCHEMA EXPORT")
		os.Exit(2)
	}
	for language, generate := range generators {
		if err := write(os.Args[1], generate, filepath.Join(os.Args[2], language)); err != nil {
			fmt.Fprintf(os.Stderr, "%s: %v\n", language, err)
			os.Exit(1)
		}
	}
}

func bind(path string) (*schema.Package, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var spec schema.PackageSpec
	if err := json.Unmarshal(text, &spec); err != nil {
		return nil, err
	}
	pkg, diagnostics, err := schema.BindSpec(spec, noLoader{}, schema.ValidationOptions{})
	if err != nil {
		return nil, err
	}
	if diagnostics.HasErrors() {
		return nil, errors.New(diagnostics.Error())
	}
	return pkg, nil
}

// The schema is read for each language, because a generator changes the package that it is given.
func write(path string, generate func(*schema.Package) (map[string][]byte, error), folder string) error {
	pkg, err := bind(path)
	if err != nil {
		return err
	}
	files, err := generate(pkg)
	if err != nil {
		return err
	}
	for name, content := range files {
		file := filepath.Join(folder, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(file, content, 0o644); err != nil {
			return err
		}
	}
	return nil
}
