// Walks an exported decision requirements graph in its order; every expression is read by feelin, an independent FEEL
// interpreter:  node dmn_runner.mjs RULES.dmn CASES.json OUT.json
import fs from "fs";
import { XMLParser } from "fast-xml-parser";
import { evaluate, unaryTest } from "feelin";

const [, , model, cases, out] = process.argv;
const list = (x) => (x === undefined ? [] : Array.isArray(x) ? x : [x]);
const value = (r) => (r && typeof r === "object" && "value" in r && "warnings" in r ? r.value : r);
const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: "@", parseTagValue: false });
const definitions = parser.parse(fs.readFileSync(model, "utf8")).definitions;

function table(logic, context) {
  const columns = list(logic.input).map((clause) => clause.inputExpression.text);
  const hits = list(logic.rule).filter((rule) =>
    list(rule.inputEntry).every(
      (entry, place) =>
        entry.text === "-" || value(unaryTest(entry.text, { ...context, "?": context[columns[place]] })) === true,
    ),
  );
  const outputs = hits.map((rule) => value(evaluate(rule.outputEntry.text, context)));
  if (new Set(outputs.map((output) => JSON.stringify(output))).size > 1) throw new Error("rows disagree");
  if (outputs.length) return outputs[0];
  const otherwise = logic.output.defaultOutputEntry;
  return otherwise ? value(evaluate(otherwise.text, context)) : null;
}

function boxed(logic, context) {
  const inner = { ...context };
  let result = null;
  for (const entry of list(logic.contextEntry)) {
    result = value(evaluate(entry.literalExpression.text, inner));
    if (entry.variable) inner[entry.variable["@name"]] = result;
  }
  return result;
}

const decided = JSON.parse(fs.readFileSync(cases, "utf8")).map((given) => {
  const context = { ...given };
  for (const input of list(definitions.inputData)) context[input["@name"]] ??= null;
  for (const decision of list(definitions.decision)) {
    const { decisionTable, literalExpression, context: entries } = decision;
    const found = decisionTable
      ? table(decisionTable, context)
      : literalExpression
        ? value(evaluate(literalExpression.text, context))
        : boxed(entries, context);
    context[decision["@name"]] = found ?? null;
  }
  return { verdict: context.verdict, votes: ["S0", "S1", "S2", "S3", "S4"].map((source) => context[`vote_${source}`]) };
});
fs.writeFileSync(out, JSON.stringify(decided));
