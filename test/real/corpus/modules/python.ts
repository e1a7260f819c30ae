/** Python: source distributions as PyPI has them. */
import type { CorpusModule } from "../corpus-module.ts";

export const pythonModules: CorpusModule[] = [
  {
    name: "httpbin",
    origin: {
      registry: "PyPI",
      name: "httpbin",
      version: "0.10.4",
      integrity:
        "sha512-2rcV0hoTS/Oz1NkpxWhQQRldODqR7i2uK74T3Mn75fTWDcgTFDhUekhgaZdDfqf1534O09PTTjWP6ogoPeVKNw==",
    },
    recognised: {
      id: "httpbin",
      version: "0.10.4",
      stack: "python 3.13, pip, not locked",
      framework: "flask",
      test: "python3 -m pytest",
      start: "python3 -m flask --app httpbin.core:app run --host 0.0.0.0",
      port: "FLASK_RUN_PORT",
    },
    tried: {
      tests: {
        passed: 70,
      },
      start: {
        asks: "/get?bread=rye",
        contains: '"bread": "rye"',
      },
    },
  },
  {
    name: "pypiserver",
    origin: {
      registry: "PyPI",
      name: "pypiserver",
      version: "2.4.2",
      integrity:
        "sha512-4efofO9gF6nzXB866tGCW9STZns+fl/aI/O6dny8t1kSMq+SFuDvI3GBK+BzIweBhlx0qUpNdemExUvnDeEQ9A==",
    },
    recognised: {
      id: "pypiserver",
      version: "2.4.2",
      stack: "python 3.13, pip, not locked",
      start: "python3 -c import sys; from pypiserver.__main__ import main; sys.exit(main())",
    },
    tried: {
      start: {
        with: ["--version"],
        prints: "2.4.2",
      },
    },
  },
  {
    name: "cowsay",
    origin: {
      registry: "PyPI",
      name: "cowsay",
      version: "6.0",
      integrity:
        "sha512-FzW6By2sI2p2VagQgVVzH1ND37aDbOsgT31ti+LzeURIVFuyGKh9QWslk0pEcWBHb0W0QofCkcgAAwUxZXtbGA==",
    },
    recognised: {
      id: "cowsay",
      version: "6.0.0",
      stack: "python 3.13, pip, not locked",
      start: "python3 -c import sys; from cowsay.__main__ import cli; sys.exit(cli())",
    },
    tried: {
      start: {
        with: ["-t", "bread"],
        prints: "| bread |",
      },
    },
  },
  {
    name: "http-prompt",
    origin: {
      registry: "PyPI",
      name: "http-prompt",
      version: "2.1.0",
      integrity:
        "sha512-M5WwBdohXrjhiZGhjn1O2Of9GU+7QCGZjyg5ctSZZLAkzs0OUZK5lwoGFpXZPtT4yuhF4EG4bJ25ShgBkEDXrQ==",
    },
    recognised: {
      id: "http-prompt",
      version: "2.1.0",
      stack: "python 3.13, pip, not locked",
      start: "python3 -c import sys; from http_prompt.cli import cli; sys.exit(cli())",
    },
    tried: {
      start: {
        with: ["--help"],
        prints: "Usage:",
      },
    },
  },
  {
    name: "flask",
    origin: {
      registry: "PyPI",
      name: "flask",
      version: "3.1.3",
      integrity:
        "sha512-F8KQ/czzx+Re6vXRKpZ4ifawxqrAalGGJKGOtN5nkE6CWick0MTXcBu351ovRikImmWOMJCcbH/iCZLMQxsnPg==",
    },
    recognised: {
      id: "flask",
      version: "3.1.3",
      stack: "python 3.13, uv, locked",
      test: "python3 -m pytest",
      start: "python3 -c import sys; from flask.cli import main; sys.exit(main())",
    },
    tried: {
      tests: "pass",
      start: {
        with: ["--version"],
        prints: "Werkzeug",
      },
    },
  },
  {
    name: "tldr",
    origin: {
      registry: "PyPI",
      name: "tldr",
      version: "3.4.4",
      integrity:
        "sha512-8EQsh0Lru2okwztOb9oH39OFmY7YYp4Er/sOWENXd8uQaOxkiBkmd9LvFzFJt4y31VKjA9SFfKBxUvyXM7lERw==",
    },
    recognised: {
      id: "tldr",
      version: "3.4.4",
      stack: "python 3.13, pip, not locked",
      start: "python3 -c import sys; from tldr import cli; sys.exit(cli())",
    },
    notBuilt: "left out for its time",
  },
  {
    name: "waitress",
    origin: {
      registry: "PyPI",
      name: "waitress",
      version: "3.0.2",
      integrity:
        "sha512-8iVEe5NuR0LPbw5FtyzC4zwG/2CcmJb8Im3iO5x7pkFAkU41JfV8kBYXwKSd8wUv5ay9jsRvlVeDLDg6udSkgw==",
    },
    recognised: {
      id: "waitress",
      version: "3.0.2",
      stack: "python 3.13, pip, not locked",
      test: "python3 -m pytest",
      start: "python3 -c import sys; from waitress.runner import run; sys.exit(run())",
    },
    notBuilt: "left out for its time",
  },
  {
    name: "datasette",
    origin: {
      registry: "PyPI",
      name: "datasette",
      version: "0.65.5",
      integrity:
        "sha512-X84Xvs3vdD9dgm3HkcahzlY1sQBp07ytUrbydGiEs2p1azsJFVwv378S+rcWIe7sNfzFDC/FzhdDVdVEz3frKQ==",
    },
    recognised: {
      id: "datasette",
      version: "0.65.5",
      stack: "python 3.13, pip, not locked",
      test: "python3 -m pytest",
      start: "python3 -c import sys; from datasette.cli import cli; sys.exit(cli())",
    },
    notBuilt: "left out for the time that its dependencies take",
  },
  {
    name: "gunicorn",
    origin: {
      registry: "PyPI",
      name: "gunicorn",
      version: "27.0.1",
      integrity:
        "sha512-faotw95RpSLjR+X8BYNR/hzuZGEbJpvgUVRyUNFCceBdN6Ck8wvX83ENn4F0kKEIiU2dypPuzFKHn2v/oQjQFQ==",
    },
    recognised: {
      id: "gunicorn",
      version: "27.0.1",
      stack: "python 3.13, pip, not locked",
      test: "python3 -m pytest",
      start: "python3 -c import sys; from gunicorn.app.wsgiapp import run; sys.exit(run())",
    },
    notBuilt: "left out for the time that its dependencies take",
  },
  {
    name: "httpie",
    origin: {
      registry: "PyPI",
      name: "httpie",
      version: "3.2.4",
      integrity:
        "sha512-Z4rJAkpF+RKtGfELHWCbGcYw710giGp9sKpr1x62LLkajJ1c8AYPrCvEV9nZXGorgKVW9qwxdrxmBk2B9FsDlw==",
    },
    recognised: {
      id: "httpie",
      version: "3.2.4",
      stack: "python 3.13, pip, not locked",
      test: "python3 -m pytest",
      start: "python3 -c import sys; from httpie.manager.__main__ import main; sys.exit(main())",
    },
    notBuilt: "left out for the time that its dependencies take",
  },
  {
    name: "litecli",
    origin: {
      registry: "PyPI",
      name: "litecli",
      version: "1.17.1",
      integrity:
        "sha512-Z5RSWFZOZQ05XF2GvekswfkhMnY1V9Y5N957U81EcBjYD2Bvmqj1gaAvX0bab9NJH1MsJkGJc6y+UH74223Wnw==",
    },
    recognised: {
      id: "litecli",
      version: "1.17.1",
      stack: "python 3.13, pip, not locked",
      test: "python3 -m pytest",
      start: "python3 -c import sys; from litecli.main import cli; sys.exit(cli())",
    },
    notBuilt: "left out for the time that its dependencies take",
  },
  {
    name: "updog",
    origin: {
      registry: "PyPI",
      name: "updog",
      version: "2.0.1",
      integrity:
        "sha512-oazmhdhNuCDZxieK4dm+FHC728X9WCYd8AXTUebdPQFsx2tBeXz4qRHGygdkF2d8/xvPpn+K2nxRipwUT4882w==",
    },
    recognised: {
      id: "updog",
      version: "2.0.1",
      stack: "python 3.13, poetry, not locked",
      framework: "flask",
      start: "python3 -c import sys; from updog.__main__ import main; sys.exit(main())",
    },
    notBuilt: "left out for its time",
  },
  {
    name: "uvicorn",
    origin: {
      registry: "PyPI",
      name: "uvicorn",
      version: "0.54.0",
      integrity:
        "sha512-7RjwzE8XWD6RDAhVVd+y0OuhbrtVfAbu3QkWOB8AStv6MOKW37H+wchip1i99yUPE/YAjup4Rq5y1NLu2jqN3w==",
    },
    recognised: {
      id: "uvicorn",
      version: "0.54.0",
      stack: "python 3.13, uv, not locked",
      test: "python3 -m pytest",
      start: "python3 -c import sys; from uvicorn.main import main; sys.exit(main())",
    },
    notBuilt: "left out for its time",
  },
  {
    name: "yt-dlp",
    origin: {
      registry: "PyPI",
      name: "yt-dlp",
      version: "2026.10.26",
      integrity:
        "sha512-1TsT3zskw0ynEYAbQSvNssm6eNd6NFsFo7MkveW7Bm2mI0NRMU37aCvKaPxzg/oSzB4LD5Zu75gsws+XoptJpQ==",
    },
    recognised: {
      id: "yt-dlp",
      version: "2026.10.26",
      stack: "python 3.13, uv, not locked",
      test: "python3 -m pytest",
      start: "python3 -c import sys; from yt_dlp import main; sys.exit(main())",
    },
    notBuilt: "left out for its time",
  },
  {
    name: "starlette",
    origin: {
      registry: "PyPI",
      name: "starlette",
      version: "1.10.0",
      integrity:
        "sha512-kHlpSoSVK0S9PhdTVpItapsR9p5yRSJIkPxVk03SR3GhtnmJT1NOUkGOSkM5CacxpHj/7gvj/6uHGPmjelXRZw==",
    },
    refused: {
      code: "ModuleInvalid",
      says: "no application of a known framework",
      rightly: "a library: nothing in it runs",
    },
  },
  {
    name: "superlance",
    origin: {
      registry: "PyPI",
      name: "superlance",
      version: "2.0.0",
      integrity:
        "sha512-Db4tX2in60gw5ATcWNc8GljWh/3Q68kxFK06IOFslH35ijMQZ3iY19vC9dVMdEHjtz6U+5IOxVQFON9W6uHKKw==",
    },
    refused: {
      code: "ModuleInvalid",
      says: "no single script of the project",
      rightly: "six programs, and nothing tells which one is the service",
    },
  },
];
