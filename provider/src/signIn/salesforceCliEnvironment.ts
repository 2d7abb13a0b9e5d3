/** What the Salesforce CLI needs of the environment: where programs, its files, the proxy, certificates and the keychain are. */
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

/** A variable of the CLI's own that holds a credential; one that chooses a keychain does not. */
const holdsCredential = /TOKEN|SECRET|PASSWORD|PASSPHRASE|AUTH_?URL|KEY(?!CHAIN)/;

/** The environment that the Salesforce CLI gets: nothing that it has no use for, and no credential. */
export function cliEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(environment).filter(([name]) => {
    // Windows does not tell capitals apart, and proxy variables are often in small letters.
    const upperCase = name.toUpperCase();
    return passedOn.some((pattern) => pattern.test(upperCase)) && !holdsCredential.test(upperCase);
  });
  return {
    ...Object.fromEntries(kept),
    // Colours would be within the JSON.
    NO_COLOR: '1',
    // Else cmd.exe takes an sf.cmd of the current folder first.
    NoDefaultCurrentDirectoryInExePath: '1',
  };
}
