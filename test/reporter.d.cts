import Mocha = require('mocha');

declare class Reporter extends Mocha.reporters.Spec {}
export = Reporter;
