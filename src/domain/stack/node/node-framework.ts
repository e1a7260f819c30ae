/** The framework of a package, by what it depends on; the one that contains others is asked first. */
import type { PackageFile } from "./package-file.ts";

const frameworks: [dependency: string, name: string][] = [
  ["@nestjs/core", "nestjs"],
  ["next", "next"],
  ["nuxt", "nuxt"],
  ["@remix-run/serve", "remix"],
  ["@react-router/serve", "react-router"],
  ["@sveltejs/kit", "sveltekit"],
  ["astro", "astro"],
  ["@adonisjs/core", "adonis"],
  ["@strapi/strapi", "strapi"],
  ["@feathersjs/feathers", "feathers"],
  ["sails", "sails"],
  ["@loopback/core", "loopback"],
  ["fastify", "fastify"],
  ["@hapi/hapi", "hapi"],
  ["koa", "koa"],
  ["restify", "restify"],
  ["polka", "polka"],
  ["express", "express"],
  ["hono", "hono"],
];

export function nodeFramework({ dependencies = {}, devDependencies = {} }: PackageFile): string | undefined {
  const has = (names: Record<string, string>) => frameworks.find(([name]) => Object.hasOwn(names, name))?.[1];
  return has(dependencies) ?? has(devDependencies);
}
