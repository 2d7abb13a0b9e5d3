export * from './jwtPolicy/fields.js';
