/** The framework of a package, by what it depends on; the one that contains others is asked first. */
import type { PackageFile } from "./package-file.ts";

/** They build the service that runs, so a package may need them for development only. */
const builders: [dependency: string, name: string][] = [
  ["next", "next"],
  ["nuxt", "nuxt"],
  ["@remix-run/serve", "remix"],
  ["@react-router/serve", "react-router"],
  ["@sveltejs/kit", "sveltekit"],
  ["astro", "astro"],
];

const frameworks: [dependency: string, name: string][] = [
  ["@nestjs/core", "nestjs"],
  ...builders,
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
  const [, name] =
    frameworks.find(([dependency]) => Object.hasOwn(dependencies, dependency)) ??
    builders.find(([dependency]) => Object.hasOwn(devDependencies, dependency)) ??
    [];
  return name;
}
