/** `npm run schema`: writes `provider/schema.json`, the schema of the package `salesforce-eca`, from the interfaces of the provider. */
import { writeFileSync } from 'node:fs';
import { packageSchema, schemaFile } from './schema/packageSchema.js';

writeFileSync(schemaFile, packageSchema());
