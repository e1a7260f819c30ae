/** Licences as PyPI's trove classifiers name them, as far as one stands for exactly one SPDX id. */
const ids: Record<string, string> = {
  "Apache Software License": "Apache-2.0",
  "BSD License": "BSD License",
  "GNU Affero General Public License v3": "AGPL-3.0-only",
  "GNU Affero General Public License v3 or later (AGPLv3+)": "AGPL-3.0-or-later",
  "GNU General Public License v2 (GPLv2)": "GPL-2.0-only",
  "GNU General Public License v2 or later (GPLv2+)": "GPL-2.0-or-later",
  "GNU General Public License v3 (GPLv3)": "GPL-3.0-only",
  "GNU General Public License v3 or later (GPLv3+)": "GPL-3.0-or-later",
  "GNU Lesser General Public License v2 or later (LGPLv2+)": "LGPL-2.0-or-later",
  "GNU Lesser General Public License v3 (LGPLv3)": "LGPL-3.0-only",
  "GNU Lesser General Public License v3 or later (LGPLv3+)": "LGPL-3.0-or-later",
  "ISC License (ISCL)": "ISC",
  "MIT License": "MIT",
  "MIT No Attribution License (MIT-0)": "MIT-0",
  "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
  "Python Software Foundation License": "PSF-2.0",
  "The Unlicense (Unlicense)": "Unlicense",
  "zlib/libpng License": "Zlib",
};

/** Undefined where they say nothing, or several things whose relation they do not say. */
export function licenceOfClassifiers(classifiers: string[]): string | undefined {
  const licences = classifiers.flatMap(
    (line) => /^License :: OSI Approved :: (.+)$/.exec(line.trim())?.[1] ?? [],
  );
  const [only, ...more] = new Set(licences);
  return only === undefined || more.length > 0 ? undefined : (ids[only] ?? only);
}
