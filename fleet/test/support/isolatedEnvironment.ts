/** Variables that would let the machine's own Pulumi or Salesforce settings into a test. */
const foreign = /^(?:PULUMI|SALESFORCE|SF|SFDX|TEMPORAL)_/;

/** Takes them out of this process, whose environment the activities pass on. */
export function isolateEnvironment(): void {
  for (const name of Object.keys(process.env).filter((each) => foreign.test(each))) {
    Reflect.deleteProperty(process.env, name);
  }
  // The program is JavaScript, and starts sooner without the compiler.
  process.env['PULUMI_NODEJS_TYPESCRIPT'] = 'false';
}
