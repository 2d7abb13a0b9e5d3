import { sendControlForms } from './controlForms.js';
import { countDown } from './countdown.js';
import { refreshOnChange } from './live.js';

refreshOnChange();
sendControlForms();
countDown();
