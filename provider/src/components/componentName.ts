/** A name as an org returns it: with the namespace as a prefix, or separate from it. */
export interface GivenName {
  fullName: string;
  namespacePrefix: string | undefined;
}

/** The namespace in front of a name, if it has one. */
export function namespaceOf(fullName: string): string | undefined {
  return /^([A-Za-z][A-Za-z0-9_]*?)__/.exec(fullName)?.[1];
}

/**
 * The qualified name of a component, and so of an app: `ns__Name` if it has a namespace, otherwise `Name`. Lists may return the name and
 * the namespace separately (forcedotcom/cli#1697, reported for other types).
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

/** A key that is unique among the components of an org. */
export function componentKey({ type, fullName }: { type: string; fullName: string }): string {
  return `${type}/${fullName}`;
}
