/** A name as an org gives it: the namespace stands in front of it, or apart from it. */
export interface GivenName {
  fullName: string;
  namespacePrefix: string | undefined;
}

/** The namespace in front of a name, if it has one. */
export function namespaceOf(fullName: string): string | undefined {
  return /^([A-Za-z][A-Za-z0-9_]*?)__/.exec(fullName)?.[1];
}

/**
 * What a component, and so an app, is called: `ns__Name` where it has a namespace, else `Name`. Lists may give name and namespace
 * apart (forcedotcom/cli#1697, reported for other types).
 */
export function qualifiedName({ fullName, namespacePrefix }: GivenName): string {
  return namespacePrefix === undefined || namespaceOf(fullName) !== undefined
    ? fullName
    : `${namespacePrefix}__${fullName}`;
}

/** A name without its namespace. */
export function withoutNamespace(fullName: string): string {
  const namespace = namespaceOf(fullName);
  return namespace === undefined ? fullName : fullName.slice(namespace.length + 2);
}

/** Tells a component from all others of an org. */
export function componentKey({ type, fullName }: { type: string; fullName: string }): string {
  return `${type}/${fullName}`;
}
