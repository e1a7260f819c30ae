/**
 * The table of base images, reviewed on 2026-11-22. A tag says what an image is, the digest decides which one it is: a tag can be
 * pushed over, a digest cannot. All digests are those of the index over all platforms.
 *
 * To renew an entry: `docker buildx imagetools inspect <name>:<tag>` prints the digest; compare it with a second
 * source that is not the registry itself (another team's pinned file, the project's release notes), put both
 * into one commit with the new date above, and run the tests of this folder. Nothing else names a digest.
 */

export interface PinnedImage {
  /** With its registry: `docker.io/library/node`. */
  name: string;
  tag: string;
  digest: string;
}

/** The images of one version of a language: what builds by package manager (`default` for all others), and what runs. */
export interface RuntimeImages {
  build: { default: PinnedImage; gradle?: PinnedImage };
  run: PinnedImage;
}

const library = "docker.io/library";
const microsoft = "mcr.microsoft.com/dotnet";

export const imageTable = {
  node: {
    "22": same(
      pin(`${library}/node`, "22-slim", "c3de60bf2f9dd0ac6370e6117950ff62d6e339527e7472301c9c78a017978392"),
    ),
    "24": same(
      pin(`${library}/node`, "24-slim", "0e0ff40c39bc087845bfb27465a0df4ea419520094bc35842ff83dd8cbe6f9b6"),
    ),
  },
  python: {
    "3.11": same(
      pin(
        `${library}/python`,
        "3.11-slim",
        "db3ff2e1800a8581e2c48a27c3995339d47bdf046da21c7627accd3d51053a93",
      ),
    ),
    "3.12": same(
      pin(
        `${library}/python`,
        "3.12-slim",
        "f77ac9e44ae96ef2c90b8053ea08c31f8be030f824196b0ae4db6d462c84e51f",
      ),
    ),
    "3.13": same(
      pin(
        `${library}/python`,
        "3.13-slim",
        "7c61056e61ac89e852de05f3dc6fa51a6dd2181797bceed46aa725dd7cb2cd3b",
      ),
    ),
    "3.14": same(
      pin(
        `${library}/python`,
        "3.14-slim",
        "f85c5697265c178cc6887276c55fe16cf3d14ca35c3df6a5eab3b360534a55d2",
      ),
    ),
  },
  go: {
    "1.25": go(
      pin(`${library}/golang`, "1.25", "699337d620559a59b4a2bb298ad59611e535d2ee755a34cf2d2a98f37578dc80"),
    ),
    "1.26": go(
      pin(`${library}/golang`, "1.26", "0f063af2d465d8dcae54cce04278ada488b96f77b42449c8d071e47d016cc65a"),
    ),
    "1.27": go(
      pin(`${library}/golang`, "1.27", "e0174e51e81218523251d85d248a90d24c3d5e81543b4f07a5d66229397db190"),
    ),
  },
  java: {
    "17": {
      build: {
        default: pin(
          `${library}/maven`,
          "3.9-eclipse-temurin-17",
          "1ed5d1f54416b706707b4f3238f63a20bb06aab27c6d240090a2bb9ad895ed45",
        ),
        gradle: pin(
          `${library}/gradle`,
          "9.7-jdk17",
          "853c26f1712d8c97e8d312d3a628e237c53a6c6beecd1fab6f8fc808a741ce8b",
        ),
      },
      run: pin(
        `${library}/eclipse-temurin`,
        "17-jre",
        "207ecae0b2b104dfc6dfa763d1e9cd2041cb344800a180e24cb1a28ed533ff90",
      ),
    },
    "21": {
      build: {
        default: pin(
          `${library}/maven`,
          "3.9-eclipse-temurin-21",
          "99e61abcff91a9b1333463bd8451fb18495d6eba9250ac66a338b518f8278320",
        ),
        gradle: pin(
          `${library}/gradle`,
          "9.8.0-jdk21",
          "4debe478645a3ad9208f3403ac021859fdf4d1a819d59970d75309b098f28f76",
        ),
      },
      run: pin(
        `${library}/eclipse-temurin`,
        "21-jre",
        "cff19e6215689161eb6162c11b86b0c60ddf802164f2eaf48d570f8fb79a36c5",
      ),
    },
    "25": {
      build: {
        default: pin(
          `${library}/maven`,
          "3.9-eclipse-temurin-25",
          "93b8a14ea2f412782e4e842651273b4d903e35cc496284f178fbbe2d67d00976",
        ),
        gradle: pin(
          `${library}/gradle`,
          "9.8.0-jdk25",
          "30f0c2e94f2b91cffaa192cebc86f1ba8efc574b9a8e93b33164e5f2ed839c08",
        ),
      },
      run: pin(
        `${library}/eclipse-temurin`,
        "25-jre",
        "fcd7fd7b387f94bb2ac461478a7436ad8e349924c374ea8313919624dceae636",
      ),
    },
  },
  dotnet: {
    "8.0": {
      build: {
        default: pin(
          `${microsoft}/sdk`,
          "8.0",
          "78235e09001f52b6592c458ac010775ebac6725422e80cd0c1650590f67b2743",
        ),
      },
      run: pin(
        `${microsoft}/aspnet`,
        "8.0",
        "2f202e1169ec507bdc07007cf68c14d0ff3a098110b17c460a60185e1f36a9d1",
      ),
    },
    // Seen in the reports of one publisher only, who lists the two others with the digests that several pin.
    "9.0": {
      build: {
        default: pin(
          `${microsoft}/sdk`,
          "9.0-noble",
          "64c94a5a8fac55f965e0fb74b0e6a46b73b7323257c492170befbe5537dfafef",
        ),
      },
      run: pin(
        `${microsoft}/aspnet`,
        "9.0-noble",
        "f6ca5cf8e277d5fd590ebeb0df890f1039ad8da0a953c94cb4ee8d3f2cae5dff",
      ),
    },
    "10.0": {
      build: {
        default: pin(
          `${microsoft}/sdk`,
          "10.0",
          "e70cdb7f80b0348f5cb85f19a8f670fca061f033d57eed12fa003d58b0e06317",
        ),
      },
      run: pin(
        `${microsoft}/aspnet`,
        "10.0",
        "222759b391a1aaf241166672c8f99b2d4ada452e7b5319f3c6e8f265a37b5ad4",
      ),
    },
  },
} satisfies Record<string, Record<string, RuntimeImages>>;

/** Images that no version of a language decides. */
export const otherImages = {
  dockerfileSyntax: pin(
    "docker.io/docker/dockerfile",
    "1",
    "4edf897a3ffa55b89f906fc8cc78afdb3f1834cc9c7083565e611a8a7d5fe99e",
  ),
  /** For Go programs that call C. */
  glibc: pin(
    "gcr.io/distroless/base-debian13",
    "nonroot",
    "a0d70d6a97cd697d9362bc2aae4a6560dd65817e365d0043b07325a97975dc91",
  ),
  busybox: pin(
    `${library}/busybox`,
    "1.37",
    "9db7b59979c38555a39def84a31fb98b5296952f9e3afd4f6f11f05b07adfab0",
  ),
};

function pin(name: string, tag: string, digest: string): PinnedImage {
  return { name, tag, digest: `sha256:${digest}` };
}

function same(image: PinnedImage): RuntimeImages {
  return { build: { default: image }, run: image };
}

function go(build: PinnedImage): RuntimeImages {
  const run = pin(
    "gcr.io/distroless/static-debian13",
    "nonroot",
    "e2e927ec666bae08560abb3c55d0659eceabb657f56b6782ab500a9fc7f555e3",
  );
  return { build: { default: build }, run };
}
