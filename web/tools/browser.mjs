/**
 * Unpacks the Chromium that the tests drive, and the libraries that it takes from the system and a bare machine lacks:
 * FOLDER/chromium and FOLDER/al2023/lib. Usage: node tools/browser.mjs FOLDER
 */
import { mkdir, rename } from "node:fs/promises";
import { join } from "node:path";

const [folder] = process.argv.slice(2);
const carried = join(import.meta.dirname, "../node_modules/@sparticuz/chromium/bin");
const unfinished = `${folder}.${process.pid}`;
await mkdir(unfinished, { recursive: true });
process.env.TMPDIR = unfinished; // where the package puts what it unpacks
const { inflate } = await import("@sparticuz/chromium");
await Promise.all(["chromium.br", "al2023.tar.br"].map((name) => inflate(join(carried, name))));
await rename(unfinished, folder); // whole, or not at all
