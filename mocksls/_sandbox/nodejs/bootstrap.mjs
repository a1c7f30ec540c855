// Lambda's Node.js runtime client: asks the Runtime API for events, runs the handler, posts what comes of it.
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
// https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html

import http from "node:http";
import path from "node:path";
import fs from "node:fs";
import util from "node:util";
import { Writable } from "node:stream";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [HOST, PORT] = process.env.AWS_LAMBDA_RUNTIME_API.split(":");
const API = "/2018-06-01/runtime";
const STREAMED = Symbol.for("aws.lambda.runtime.handler.streaming");
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

let requestId = undefined;

function call(method, place, headers = {}) {
  return http.request({ host: HOST, port: PORT, path: API + place, method, headers, agent });
}

function answered(request, body) {
  return new Promise((resolve, reject) => {
    request.on("error", reject);
    request.on("response", (response) => {
      const parts = [];
      response.on("data", (part) => parts.push(part));
      response.on("end", () => resolve({ headers: response.headers, body: Buffer.concat(parts) }));
    });
    if (body !== null) request.end(body);
  });
}

function post(place, body, headers = {}) {
  const content = Buffer.from(body);
  return answered(call("POST", place, { "content-length": content.length, ...headers }), content);
}

// -- logs --------------------------------------------------------------------------------------------------------

const LEVELS = { log: "INFO", info: "INFO", debug: "DEBUG", trace: "TRACE", warn: "WARN", error: "ERROR" };
const ORDER = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"];
const AS_JSON = process.env.AWS_LAMBDA_LOG_FORMAT === "JSON";
const LEAST = ORDER.indexOf(process.env.AWS_LAMBDA_LOG_LEVEL || "TRACE");

function write(text) {
  fs.writeSync(1, text);
}

for (const [name, level] of Object.entries(LEVELS)) {
  console[name] = (...values) => {
    if (AS_JSON && ORDER.indexOf(level) < LEAST) return;
    const timestamp = new Date().toISOString();
    if (AS_JSON) {
      const message = values.length === 1 ? values[0] : util.format(...values);
      write(JSON.stringify({ timestamp, level, requestId, message }) + "\n");
    } else {
      write(`${timestamp}\t${requestId ?? "undefined"}\t${level}\t${util.format(...values).replace(/\n/g, "\r")}\n`);
    }
  };
}

// -- failures ----------------------------------------------------------------------------------------------------

function told(error) {
  if (util.types.isNativeError(error) || error instanceof Error) {
    const trace = (error.stack || "").replaceAll(import.meta.url, "file:///var/runtime/index.mjs").split("\n");
    return { errorType: error.name, errorMessage: error.message, trace };
  }
  return { errorType: typeof error, errorMessage: String(error), trace: [] };
}

function named(type, message) {
  const error = new Error(message);
  error.name = type;
  return error;
}

async function endWith(place, error, what) {
  const { trace, ...rest } = told(error);
  console.error(what, "\t" + JSON.stringify({ ...rest, stack: trace }));
  await post(place, JSON.stringify(told(error)), { "Lambda-Runtime-Function-Error-Type": told(error).errorType });
}

// -- the handler -------------------------------------------------------------------------------------------------

async function load(root, file) {
  const base = path.resolve(root, file);
  const require = createRequire(pathToFileURL(path.join(root, "index.js")));
  for (const [ending, own] of [[".js", true], [".mjs", false], [".cjs", true]]) {
    if (!fs.existsSync(base + ending)) continue;
    if (!own) return import(pathToFileURL(base + ending).href);
    try {
      return require(base + ending);
    } catch (error) {
      if (error.code !== "ERR_REQUIRE_ESM" && error.code !== "ERR_REQUIRE_ASYNC_MODULE") throw error;
      return import(pathToFileURL(base + ending).href);
    }
  }
  const missing = new Error(`Cannot find module '${file}'\nRequire stack:\n- /var/runtime/index.mjs`);
  missing.code = "MODULE_NOT_FOUND";
  throw missing;
}

async function findHandler(root, given) {
  const place = path.dirname(given);
  const [, file, name] = path.basename(given).match(/^([^.]*)\.(.+)$/) ?? [];
  if (!name) throw named("Runtime.MalformedHandlerName", "Bad handler");
  let loaded;
  try {
    loaded = await load(root, path.join(place, file));
  } catch (error) {
    if (error instanceof SyntaxError) throw named("Runtime.UserCodeSyntaxError", String(error));
    const missing = error.code === "MODULE_NOT_FOUND" || error.code === "ERR_MODULE_NOT_FOUND";
    throw missing ? named("Runtime.ImportModuleError", String(error)) : error;
  }
  const pick = (from) => name.split(".").reduce((value, key) => value?.[key], from);
  const handler = pick(loaded) ?? pick(loaded?.default);
  if (handler === undefined) {
    throw named("Runtime.HandlerNotFound", `${given} is undefined or not exported`);
  }
  if (typeof handler !== "function") throw named("Runtime.HandlerNotFound", `${given} is not a function`);
  return handler;
}

globalThis.awslambda = {
  streamifyResponse: (handler) => Object.assign(handler, { [STREAMED]: true }),
  HttpResponseStream: {
    from(stream, prelude) {
      stream.contentType = "application/vnd.awslambda.http-integration-response";
      stream.write(JSON.stringify(prelude));
      stream.write(Buffer.alloc(8));
      return stream;
    },
  },
};

function contextOf(headers) {
  const deadline = Number(headers["lambda-runtime-deadline-ms"]);
  const parsed = (name) => (headers[name] ? JSON.parse(headers[name]) : undefined);
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    clientContext: parsed("lambda-runtime-client-context"),
    identity: parsed("lambda-runtime-cognito-identity"),
    invokedFunctionArn: headers["lambda-runtime-invoked-function-arn"],
    awsRequestId: headers["lambda-runtime-aws-request-id"],
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
}

function run(handler, event, context) {
  return new Promise((resolve, reject) => {
    const callback = (error, value) => (error ? reject(error) : resolve(value));
    Object.assign(context, { succeed: resolve, fail: reject, done: callback });
    const result = handler(event, context, callback);
    if (result && typeof result.then === "function") result.then(resolve, reject);
    else if (handler.length < 3 && result !== undefined) resolve(result);
    else if (handler.length < 3) resolve(null);
  });
}

async function stream(handler, event, context, place) {
  let request;
  let answer;
  const begin = () => {
    if (request) return;
    request = call("POST", place, {
      "transfer-encoding": "chunked",
      "content-type": out.contentType || "application/octet-stream",
      "Lambda-Runtime-Function-Response-Mode": "streaming",
    });
    answer = answered(request, null);
  };
  const out = new Writable({
    write(part, _encoding, next) {
      begin();
      request.write(part, next);
    },
    final(next) {
      begin();
      request.end();
      answer.then(() => next(), next);
    },
  });
  out.setContentType = (kind) => (out.contentType = kind);
  const finished = new Promise((resolve, reject) => out.on("finish", resolve).on("error", reject));
  await handler(event, out, context);
  if (!out.writableEnded) out.end();
  await finished;
}

async function main() {
  let handler;
  try {
    handler = await findHandler(process.env.LAMBDA_TASK_ROOT, process.env._HANDLER);
  } catch (error) {
    await endWith("/init/error", error, "Uncaught Exception");
    process.exit(1);
  }
  const crash = (what) => async (error) => {
    const { trace, ...rest } = told(error);
    console.error(what, "\t" + JSON.stringify({ ...rest, stack: trace }));
    process.exit(what === "Unhandled Promise Rejection" ? 128 : 129);
  };
  process.on("uncaughtException", crash("Uncaught Exception"));
  process.on("unhandledRejection", crash("Unhandled Promise Rejection"));
  for (;;) {
    const { headers, body } = await answered(call("GET", "/invocation/next"), "");
    requestId = headers["lambda-runtime-aws-request-id"];
    process.env._X_AMZN_TRACE_ID = headers["lambda-runtime-trace-id"] ?? "";
    const place = `/invocation/${requestId}`;
    try {
      const context = contextOf(headers);
      const event = JSON.parse(body.toString());
      if (handler[STREAMED]) {
        await stream(handler, event, context, `${place}/response`);
      } else {
        const result = await run(handler, event, context);
        await post(`${place}/response`, JSON.stringify(result === undefined ? null : result) ?? "null");
      }
    } catch (error) {
      await endWith(`${place}/error`, error, "Invoke Error");
    }
  }
}

main();
