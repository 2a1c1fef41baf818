// Walks exported decision requirements graphs in their order; every expression is read by feelin, an independent FEEL
// interpreter, and hit policies are those of OMG DMN 1.5, clause 8.2.8:
//   node dmn_runner.mjs JOBS.json OUT.json     jobs: [{model: text, cases: [facts]}]  out: [[every decision's value]]
import fs from "fs";
import { XMLParser } from "fast-xml-parser";
import { evaluate, unaryTest } from "feelin";

const [, , jobs, out] = process.argv;
const list = (x) => (x === undefined ? [] : Array.isArray(x) ? x : [x]);
const value = (r) => (r && typeof r === "object" && "value" in r && "warnings" in r ? r.value : r);
const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: "@", parseTagValue: false });


// feelin goes through a whole context for every expression, so it gets the names that occur in it alone; and what it
// came to on some values it comes to again.
const occurring = new Map();
const known = new Map();
function read(how, text, context, own = {}) {
  if (!occurring.has(text)) occurring.set(text, names.filter((name) => text.includes(name)));
  const few = { ...own };
  for (const name of occurring.get(text)) if (name in context) few[name] = context[name];
  const asked = JSON.stringify([how.name, text, few]);
  if (!known.has(asked)) known.set(asked, value(how(text, few)));
  return known.get(asked);
}

function table(logic, context) {
  const columns = list(logic.input).map((clause) => clause.inputExpression.text);
  const hits = list(logic.rule).filter((rule) =>
    list(rule.inputEntry).every(
      (entry, place) =>
        entry.text === "-" || read(unaryTest, entry.text, context, { "?": context[columns[place]] }) === true,
    ),
  );
  const outputs = hits.map((rule) => read(evaluate, rule.outputEntry.text, context));
  const otherwise = logic.output.defaultOutputEntry;
  if (!outputs.length) return otherwise ? read(evaluate, otherwise.text, context) : null;
  const policy = logic["@hitPolicy"];
  if (policy === "UNIQUE" && outputs.length > 1) throw new Error("rows overlap");
  if (policy === "ANY" && new Set(outputs.map((output) => JSON.stringify(output))).size > 1)
    throw new Error("rows disagree");
  if (policy === "PRIORITY") {
    const order = read(evaluate, `[${logic.output.outputValues.text}]`, context);
    return order.find((word) => outputs.includes(word));
  }
  return policy === "COLLECT" ? AGGREGATES[logic["@aggregation"]](outputs) : outputs[0];
}

const AGGREGATES = {
  SUM: (numbers) => numbers.reduce((one, other) => one + other, 0),
  MIN: (numbers) => Math.min(...numbers),
  MAX: (numbers) => Math.max(...numbers),
  COUNT: (values) => values.length,
};

function boxed(logic, context) {
  const inner = { ...context };
  let result = null;
  for (const entry of list(logic.contextEntry)) {
    result = read(evaluate, entry.literalExpression.text, inner);
    if (entry.variable) inner[entry.variable["@name"]] = result;
  }
  return result;
}

let names = []; // all that a model can name
function every(name, within) {
  if (Array.isArray(within)) return within.flatMap((inner) => every(name, inner));
  if (within === null || typeof within !== "object") return [];
  return Object.entries(within).flatMap(([key, inner]) => (key === name ? [inner] : every(name, inner)));
}

function decided(definitions, given) {
  const context = { ...given };
  for (const input of list(definitions.inputData)) context[input["@name"]] ??= null;
  const made = {};
  for (const decision of list(definitions.decision)) {
    const { decisionTable, literalExpression, context: entries } = decision;
    const found = decisionTable
      ? table(decisionTable, context)
      : literalExpression
        ? read(evaluate, literalExpression.text, context)
        : boxed(entries, context);
    made[decision["@name"]] = context[decision["@name"]] = found ?? null;
  }
  return made;
}

const results = JSON.parse(fs.readFileSync(jobs, "utf8")).map(({ model, cases }) => {
  const { definitions } = parser.parse(model);
  names = [...new Set([...every("@name", definitions), ...cases.flatMap(Object.keys)])];
  for (const kept of [occurring, known]) kept.clear();
  return cases.map((given) => decided(definitions, given));
});
fs.writeFileSync(out, JSON.stringify(results));
