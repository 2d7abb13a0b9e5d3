import { parse, SemVer } from 'semver';

/**
 * The oldest Pulumi CLI that this repository works with. 3.254.0 is the first whose `pulumi import --file` accepts
 * dynamic resources (measured); 3.227.0 would be enough for the exit codes that distinguish "changes" from "failed".
 */
export const oldestCliVersion = new SemVer('3.254.0');

/**
 * The Pulumi CLI that is used if none is installed, an official release or built from Go modules: the one of
 * `go/cli/go.mod`.
 */
export const obtainedCliVersion = new SemVer('3.259.0');

/** The oldest Go that builds the Pulumi CLI: the `go` line of `go/cli/go.mod`. */
export const oldestGoVersion = '1.25.11';

/**
 * The YAML language host that is built from Go modules if the Pulumi CLI has none: the one of
 * `go/yaml-language-host/go.mod`.
 */
export const obtainedYamlHostVersion = '1.25.0';

/**
 * The language hosts for Python and Go that are built from Go modules if the Pulumi CLI has none: those of
 * `go/language-hosts/go.mod`, the newest version with both programs. They run programs of today's SDKs (measured with 3.272).
 */
export const obtainedHostsVersion = '3.62.0';

/** The version in the output of `pulumi version` (`v3.259.0`, with a line end), or undefined if there is none. */
export function parseCliVersion(output: string): SemVer | undefined {
  return parse(output.trim()) ?? undefined;
}
