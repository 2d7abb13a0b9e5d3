// The rules and the linters are those of the repository, whose packages must be installed.
export { default } from '../eslint.config.mjs';
