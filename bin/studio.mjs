#!/usr/bin/env node
import { reportFailure } from "../scripts/bootstrap/fail.mjs";
import { runProgram } from "../scripts/bootstrap.mjs";

await runProgram("studio", process.argv.slice(2)).catch(reportFailure);
