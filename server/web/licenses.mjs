// Writes what the licences of the packages that become a part of the binary ask to be passed on with
// it. Usage: node licenses.mjs DIRECTORY-OF-PACKAGE.JSON OUTPUT.txt
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [directory, output] = process.argv.slice(2);
const read = (...path) => readFileSync(join(directory, ...path), "utf8");

const texts = Object.keys(JSON.parse(read("package.json")).dependencies).map((name) => {
  const { version, license } = JSON.parse(read("node_modules", name, "package.json"));
  // What Swagger UI itself is made of is named beside the bundle that is used.
  const files = readdirSync(join(directory, "node_modules", name)).filter((file) =>
    /^(licen[cs]e|notice)|es-bundle\.js\.license\.txt$/i.test(file),
  );
  if (!files.length) throw new Error(`${name}: under which licence is it?`);
  const parts = files.map((file) => read("node_modules", name, file).trim());
  return `${name} ${version} (${license})\n\n${parts.join("\n\n")}\n`;
});
writeFileSync(output, texts.join(`\n${"-".repeat(80)}\n\n`));
