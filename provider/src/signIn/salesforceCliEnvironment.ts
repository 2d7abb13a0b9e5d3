/** What the Salesforce CLI needs from the environment: where programs, its files, the proxy, certificates and the keychain are. */
const passedOn: readonly RegExp[] = [
  /^(?:PATH|HOME|XDG_[A-Z]+_(?:HOME|DIRS?))$/,
  /^(?:HTTP|HTTPS|ALL|NO)_PROXY$/,
  /^(?:NODE_EXTRA_CA_CERTS|NODE_USE_SYSTEM_CA|SSL_CERT_FILE|SSL_CERT_DIR)$/,
  // The keychain of a Linux desktop is behind this bus.
  /^DBUS_SESSION_BUS_ADDRESS$/,
  /^(?:SF|SFDX)_/,
  // Windows.
  /^(?:SYSTEMROOT|APPDATA|LOCALAPPDATA|USERPROFILE|PATHEXT|TEMP)$/,
];

/** A variable of the CLI that contains a credential. One that selects a keychain does not. */
const holdsCredential = /TOKEN|SECRET|PASSWORD|PASSPHRASE|AUTH_?URL|KEY(?!CHAIN)/;

/** The environment passed to the Salesforce CLI: only what it needs, and no credentials. */
export function cliEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(environment).filter(([name]) => {
    // Windows ignores case, and proxy variables are often in lower case.
    const upperCase = name.toUpperCase();
    return passedOn.some((pattern) => pattern.test(upperCase)) && !holdsCredential.test(upperCase);
  });
  return {
    ...Object.fromEntries(kept),
    // Otherwise colour codes end up in the JSON.
    NO_COLOR: '1',
    // Otherwise cmd.exe prefers an sf.cmd in the current folder.
    NoDefaultCurrentDirectoryInExePath: '1',
  };
}
