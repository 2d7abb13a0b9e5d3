// What the scripts beside this file start; the archives of the plugin have the compiled program here.
require('../dist/native/main.js');
