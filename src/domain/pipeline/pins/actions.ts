/**
 * Every action that a generated workflow may use, pinned by the commit of a released version. Reviewed by people,
 * never resolved while generating. To renew a line: read the release notes at `releases`, take the commit that
 * the tag stands for, and move `reviewed`. The golden files and the test beside the dialect show what changes.
 */
export interface PinnedAction {
  version: string;
  /** The commit itself, not a tag object. */
  sha: string;
  /** Day of the last review. */
  reviewed: string;
  releases: string;
}

const reviewed = "2026-11-22";

export const pinnedActions = {
  "actions/checkout": pin("v7.0.1", "3d3c42e5aac5ba805825da76410c181273ba90b1", "actions/checkout"),
  "actions/setup-node": pin("v7.0.0", "820762786026740c76f36085b0efc47a31fe5020", "actions/setup-node"),
  "actions/setup-python": pin("v7.0.0", "5fda3b95a4ea91299a34e894583c3862153e4b97", "actions/setup-python"),
  "actions/setup-go": pin("v7.0.0", "b7ad1dad31e06c5925ef5d2fc7ad053ef454303e", "actions/setup-go"),
  "actions/setup-java": pin("v6.0.1", "de7274f081f381c8f8158605e0321c36c376e2e6", "actions/setup-java"),
  "actions/setup-dotnet": pin("v6.0.0", "a98b56852c35b8e3190ac28c8c2271da59106c68", "actions/setup-dotnet"),
  "actions/cache": pin("v6.1.0", "55cc8345863c7cc4c66a329aec7e433d2d1c52a9", "actions/cache"),
  "actions/upload-artifact": pin(
    "v7.0.1",
    "043fb46d1a93c77aae656e7c1c64a875d1fc6a0a",
    "actions/upload-artifact",
  ),
  "mikepenz/action-junit-report": pin(
    "v6.5.0",
    "a9170d5795813c01ab4901ffb045b52bab4ab09d",
    "mikepenz/action-junit-report",
  ),
  "github/codeql-action/upload-sarif": pin(
    "v4.38.0",
    "b96794f015dfd88f77b49b1c93e0fa7110f94c63",
    "github/codeql-action",
  ),
  "docker/login-action": pin("v4.6.0", "dbcb813823bdd20940b903addbd779551569679f", "docker/login-action"),
  "docker/setup-buildx-action": pin(
    "v4.3.0",
    "37fe631027851001ddb9b187196cc803df7f5f0e",
    "docker/setup-buildx-action",
  ),
  "docker/build-push-action": pin(
    "v7.3.0",
    "53b7df96c91f9c12dcc8a07bcb9ccacbed38856a",
    "docker/build-push-action",
  ),
  "azure/setup-helm": pin("v4.3.1", "1a275c3b69536ee54be43f2070a358922e12c8d4", "azure/setup-helm"),
  "azure/login": pin("v2.3.0", "a457da9ea143d694b1b9c7c869ebb04ebe844ef5", "azure/login"),
  "aws-actions/configure-aws-credentials": pin(
    "v5.1.1",
    "61815dcd50bd041e203e49132bacad1fd04d2708",
    "aws-actions/configure-aws-credentials",
  ),
  "google-github-actions/auth": pin(
    "v3.0.0",
    "7c6bc770dae815cd3e89ee6cdf493a5fab2cc093",
    "google-github-actions/auth",
  ),
  "google-github-actions/get-gke-credentials": pin(
    "v3.0.0",
    "3da1e46a907576cefaa90c484278bb5b259dd395",
    "google-github-actions/get-gke-credentials",
  ),
} satisfies Record<string, PinnedAction>;

export type ActionName = keyof typeof pinnedActions;

function pin(version: string, sha: string, repository: string): PinnedAction {
  return { version, sha, reviewed, releases: `https://github.com/${repository}/releases` };
}
