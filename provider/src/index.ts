export { ExternalClientAppJwtPolicy } from './externalClientAppJwtPolicy.js';
export type { ExternalClientAppJwtPolicyArgs } from './externalClientAppJwtPolicy.js';
export type { JwtField, JwtSessionTimeoutType, JwtTimeout } from './jwtPolicy/fields.js';
export type { Guard } from './jwtPolicy/guards.js';
