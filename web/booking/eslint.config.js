import shared from '../eslint.config.js';

export default [...shared, { files: ['build.mjs'], rules: { 'no-console': 'off' } }];
