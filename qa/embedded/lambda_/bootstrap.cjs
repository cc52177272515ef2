'use strict';
// The runtime inside an execution environment: asks the Runtime API for events and runs the handler.
// Behaves as AWS's client for nodejs22.x does: callbacks are accepted (not from nodejs24.x on), an unhandled rejection ends the
// process with 128 and an uncaught exception with 129, a handler that leaves nothing to do returns null.
const fs = require('node:fs');
const http = require('node:http');
const nodeModule = require('node:module');
const path = require('node:path');
const { pathToFileURL } = require('node:url');
const util = require('node:util');

const API = '/2018-06-01/runtime';
const TASK_ROOT = process.env.LAMBDA_TASK_ROOT;
const [hostname, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(':');
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
const request = http.request;
const exit = process.exit.bind(process);

let requestId; // of the event in progress; undefined during init
let fail; // what to do with an error that nobody caught
let whenIdle = () => {}; // what to do when the event loop has run empty

function call(method, route, body, headers = {}) {
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'Content-Length': Buffer.byteLength(body) };
    const sent = request(
      { method, hostname, port, path: API + route, agent, headers: { ...headers, ...length } },
      (response) => {
        const chunks = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('end', () => resolve({ headers: response.headers, body: Buffer.concat(chunks).toString() }));
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

// Errors --------------------------------------------------------------------------------------------

class RuntimeError extends Error {
  constructor(name, message, cause) {
    super(message);
    this.name = `Runtime.${name}`;
    if (cause?.stack) this.stack = `${this.name}: ${message}\n${cause.stack.split('\n').slice(1).join('\n')}`;
  }
}

// Paths as they are on AWS: what a test or a log reads must not depend on where the server keeps its files.
const SDK_ROOT = fs.realpathSync(path.join(TASK_ROOT, '..', 'node_modules'));
const asOnAws = (text) => text.replaceAll(__filename, '/var/runtime/index.mjs')
  .replaceAll(TASK_ROOT, '/var/task').replaceAll(SDK_ROOT, '/var/runtime/node_modules');

function described(error) {
  if (!util.types.isNativeError(error) && !(error?.name && error?.message && error?.stack)) {
    return { errorType: typeof error, errorMessage: String(error), trace: [] };
  }
  return { errorType: error.name, errorMessage: asOnAws(error.message), trace: asOnAws(String(error.stack)).split('\n') };
}

function postError(route, title, error) {
  const { trace, ...what } = described(error);
  log('ERROR', `${title} \t${JSON.stringify({ ...what, ...error, stack: trace })}`);
  return call('POST', route, JSON.stringify({ ...what, trace }), {
    'Content-Type': 'application/json',
    'Lambda-Runtime-Function-Error-Type': what.errorType.replace(/[^\x20-\x7e]/g, '?'),
  });
}

// Console -------------------------------------------------------------------------------------------

function log(level, message) {
  // one event per line: a line break inside a message travels as a carriage return
  const line = `${new Date().toISOString()}\t${requestId}\t${level}\t${message}`;
  fs.writeSync(1, `${line.replace(/\r?\n/g, '\r')}\n`);
}

for (const [name, level] of Object.entries({
  log: 'INFO', info: 'INFO', debug: 'DEBUG', warn: 'WARN', error: 'ERROR', trace: 'TRACE',
})) {
  console[name] = (...words) => log(level, util.format(...words));
}

// Handler -------------------------------------------------------------------------------------------

function moduleFile(stem) {
  const file = ['', '.js', '.mjs', '.cjs'].map((end) => stem + end).find((f) => fs.statSync(f, { throwIfNoEntry: false })?.isFile());
  if (file) return file;
  const named = path.relative(TASK_ROOT, stem);
  throw new RuntimeError('ImportModuleError', `Error: Cannot find module '${named}'\nRequire stack:\n- ${__filename}`);
}

function isEsModule(file) {
  if (!file.endsWith('.js')) return file.endsWith('.mjs');
  for (let folder = path.dirname(file); folder.startsWith(TASK_ROOT); folder = path.dirname(folder)) {
    const manifest = path.join(folder, 'package.json');
    if (fs.existsSync(manifest)) return JSON.parse(fs.readFileSync(manifest, 'utf8')).type === 'module';
  }
  return false;
}

// by the number of parameters that a handler declares, as AWS does
const TAKES_CALLBACKS = Number(process.versions.node.split('.')[0]) < 24;
const CALLBACK_REMOVED = 'ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. '
  + 'You need to modify this function to use a supported handler signature to use Node.js 24 or later. '
  + 'For more information see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html.';

async function loadHandler(name) {
  const parts = /^(.*?)([^/.]+)\.(.+)$/.exec(name);
  if (!parts || name.includes('..')) throw new RuntimeError('MalformedHandlerName', 'Bad handler');
  const file = moduleFile(path.join(TASK_ROOT, parts[1], parts[2]));
  let loaded;
  try {
    loaded = isEsModule(file) ? await import(pathToFileURL(file)) : require(file);
  } catch (error) {
    if (error instanceof SyntaxError) throw new RuntimeError('UserCodeSyntaxError', String(error), error);
    if (error?.code === 'MODULE_NOT_FOUND') throw new RuntimeError('ImportModuleError', String(error), error);
    throw error;
  }
  const handler = parts[3].split('.').reduce((found, key) => found?.[key], loaded);
  if (handler === undefined) throw new RuntimeError('HandlerNotFound', `${name} is undefined or not exported`);
  if (typeof handler !== 'function') throw new RuntimeError('HandlerNotFound', `${name} is not a function`);
  if (!TAKES_CALLBACKS && handler.length > 2) throw new RuntimeError('CallbackHandlerDeprecated', CALLBACK_REMOVED);
  return handler;
}

// One event -----------------------------------------------------------------------------------------

function contextOf(headers, settle, options) {
  const env = process.env;
  const context = {
    functionName: env.AWS_LAMBDA_FUNCTION_NAME, functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME, logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    awsRequestId: requestId, invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    getRemainingTimeInMillis: () => Number(headers['lambda-runtime-deadline-ms']) - Date.now(),
    done: settle, succeed: (result) => settle(null, result), fail: (error) => settle(error ?? 'handled'),
  };
  if (headers['lambda-runtime-client-context']) context.clientContext = JSON.parse(headers['lambda-runtime-client-context']);
  return Object.defineProperty(context, 'callbackWaitsForEmptyEventLoop', {
    enumerable: true, get: () => options.waits, set: (value) => { options.waits = value; },
  });
}

// Resolves with the result; rejects with the handler's error.
function run(handler, event, headers) {
  return new Promise((resolve, reject) => {
    const options = { waits: true };
    const settle = (error, result) => {
      if (error !== undefined && error !== null) reject(error);
      else if (options.waits) whenIdle = () => setImmediate(resolve, result);
      else resolve(result);
    };
    whenIdle = () => resolve(null);
    const returned = handler(event, contextOf(headers, settle, options), settle);
    if (typeof returned?.then === 'function') returned.then(resolve, reject);
  });
}

function serialized(result) {
  try {
    return JSON.stringify(result === undefined ? null : result) ?? 'null';
  } catch {
    throw new Error('Unable to stringify response body');
  }
}

async function handleOne(handler) {
  const { headers, body } = await call('GET', '/invocation/next').catch(() => exit(1)); // the server is gone
  requestId = headers['lambda-runtime-aws-request-id'];
  if (headers['lambda-runtime-trace-id']) process.env._X_AMZN_TRACE_ID = headers['lambda-runtime-trace-id'];
  const invocation = `/invocation/${requestId}`;
  fail = (title, error) => postError(`${invocation}/error`, title, error);
  try {
    const answer = serialized(await run(handler, JSON.parse(body), headers));
    await call('POST', `${invocation}/response`, answer, { 'Content-Type': 'application/json' });
  } catch (error) {
    await fail('Invoke Error', error);
  } finally {
    whenIdle = () => {};
  }
}

async function main() {
  fail = (title, error) => postError('/init/error', title, error);
  process.on('beforeExit', () => whenIdle());
  process.on('uncaughtException', (error) => fail('Uncaught Exception', error).finally(() => exit(129)));
  process.on('unhandledRejection', (reason) => {
    const error = new RuntimeError('UnhandledPromiseRejection', String(reason), reason);
    fail('Unhandled Promise Rejection', error).finally(() => exit(128));
  });
  let handler;
  try {
    handler = await loadHandler(process.env._HANDLER);
  } catch (error) {
    await fail('Init Error', error).finally(() => exit(1));
  }
  for (let first = true; ; first = false) {
    await handleOne(handler);
    // Node writes the compile cache at a normal exit only, and an environment is always killed
    if (first) nodeModule.flushCompileCache();
  }
}

main();
