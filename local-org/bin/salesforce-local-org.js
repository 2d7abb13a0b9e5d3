#!/usr/bin/env node
'use strict';
require('../dist/commandLine.js');
