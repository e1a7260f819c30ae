/** A real OpenID Connect provider on the loopback interface, and a browser that says yes to whatever it asks. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { exportJWK, generateKeyPair, type JWK } from "jose";
import Provider, { type Configuration } from "oidc-provider";

export const audience = "https://delivery.example/api";
export const clientId = "connectsoft";

export interface TestProvider {
  issuer: string;
  /** Who signs in next, and what the provider says of them. */
  account: { id: string; claims: Record<string, unknown> };
  /** Seconds for which access tokens hold. */
  life: number;
  /** The resource that access tokens are for. */
  resource: string;
  /** Another key signs from here on, and the one of before is forgotten. */
  rotateKeys(): Promise<void>;
  close(): Promise<void>;
}

export async function startProvider(): Promise<TestProvider> {
  let answer: (request: IncomingMessage, response: ServerResponse) => void = () => undefined;
  const server = createServer((request, response) => answer(request, response));
  const issuer = await listen(server);
  const provider: TestProvider = {
    issuer,
    account: { id: "jane", claims: {} },
    life: 600,
    resource: audience,
    async rotateKeys() {
      answer = requestHandler(provider, [await newKey()]);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  await provider.rotateKeys();
  return provider;
}

/** What is stored of grants outlives a change of keys. */
const memory = new Map<string, { payload: Record<string, unknown>; grantId?: string }>();

class MemoryAdapter {
  private readonly model: string;
  constructor(model: string) {
    this.model = model;
  }
  private key(id: string): string {
    return `${this.model}:${id}`;
  }
  async upsert(id: string, payload: Record<string, unknown>): Promise<void> {
    memory.set(this.key(id), {
      payload,
      ...(typeof payload.grantId === "string" && { grantId: payload.grantId }),
    });
  }
  async find(id: string) {
    return memory.get(this.key(id))?.payload;
  }
  async findByUid(uid: string) {
    return this.findBy("uid", uid);
  }
  async findByUserCode(userCode: string) {
    return this.findBy("userCode", userCode);
  }
  async consume(id: string): Promise<void> {
    const found = memory.get(this.key(id));
    if (found !== undefined) found.payload.consumed = Math.floor(Date.now() / 1_000);
  }
  async destroy(id: string): Promise<void> {
    memory.delete(this.key(id));
  }
  async revokeByGrantId(grantId: string): Promise<void> {
    for (const [key, value] of memory) if (value.grantId === grantId) memory.delete(key);
  }
  private findBy(name: string, value: string) {
    return [...memory].find(
      ([key, { payload }]) => key.startsWith(`${this.model}:`) && payload[name] === value,
    )?.[1].payload;
  }
}

function requestHandler(test: TestProvider, keys: JWK[]) {
  const configuration: Configuration = {
    adapter: MemoryAdapter as unknown as NonNullable<Configuration["adapter"]>,
    jwks: { keys } as NonNullable<Configuration["jwks"]>,
    cookies: { keys: ["a key of the test"] },
    clients: [
      {
        client_id: clientId,
        application_type: "native",
        token_endpoint_auth_method: "none",
        redirect_uris: ["http://127.0.0.1/callback", "http://127.0.0.1/sign-in/callback"],
        grant_types: ["authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code"],
        response_types: ["code"],
      },
    ],
    pkce: { required: () => true },
    scopes: ["openid", "offline_access"],
    findAccount: async (_context, id) => ({ accountId: id, claims: async () => ({ sub: id }) }),
    extraTokenClaims: async () => test.account.claims as Record<string, string>,
    issueRefreshToken: async () => true,
    interactions: { url: (_context, { uid }) => `/say-yes/${uid}` },
    ttl: {
      AccessToken: () => test.life,
      ...{ DeviceCode: 600, Grant: 3_600, IdToken: 600, Interaction: 600, RefreshToken: 3_600, Session: 600 },
    },
    features: {
      devInteractions: { enabled: false },
      deviceFlow: {
        enabled: true,
        mask: "****-****",
        successSource: async (context) => {
          context.body = "done";
        },
      },
      revocation: { enabled: true, allowedPolicy: async () => true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => test.resource,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: "",
          audience: test.resource,
          accessTokenTTL: test.life,
          accessTokenFormat: "jwt",
          jwt: { sign: { alg: "RS256" } },
        }),
      },
    },
  };
  const provider = new Provider(test.issuer, configuration);
  const callback = provider.callback();
  return (request: IncomingMessage, response: ServerResponse): void => {
    if (request.url?.startsWith("/say-yes/")) void sayYes(provider, test, request, response);
    else void callback(request, response);
  };
}

async function sayYes(
  provider: Provider,
  { account, resource }: TestProvider,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { prompt, params } = await provider.interactionDetails(request, response);
  if (prompt.name === "login") {
    await provider.interactionFinished(request, response, { login: { accountId: account.id } });
    return;
  }
  const grant = new provider.Grant({ accountId: account.id, clientId: String(params.client_id) });
  grant.addOIDCScope("openid offline_access");
  grant.addResourceScope(resource, "");
  const grantId = await grant.save();
  await provider.interactionFinished(
    request,
    response,
    { consent: { grantId } },
    { mergeWithLastSubmission: true },
  );
}

async function newKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair("RS256", { extractable: true });
  return { ...(await exportJWK(privateKey)), alg: "RS256", use: "sig", kid: crypto.randomUUID() };
}

function listen(server: Server): Promise<string> {
  return new Promise((resolve) =>
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve(`http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`);
    }),
  );
}

/** Goes where it is sent with the cookies that it was given, and sends every form that asks to be confirmed. */
export async function browse(
  address: string,
  { change = (url) => url }: { change?: (redirect: URL) => URL } = {},
): Promise<{ url: URL; status: number; text: string }> {
  const cookies = new Map<string, string>();
  let url = new URL(address);
  let form: URLSearchParams | undefined;
  for (let step = 0; step < 30; step++) {
    if (url.pathname === "/callback") url = change(url);
    const headers = { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; ") };
    const sent: RequestInit = form === undefined ? {} : { method: "POST", body: form };
    const response = await fetch(url, { redirect: "manual", headers, ...sent });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ""] = line.split(";", 1);
      const at = pair.indexOf("=");
      cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    const location = response.headers.get("location");
    const text = await response.text();
    form = location === null ? formOf(text) : undefined;
    if (location === null && form === undefined) return { url, status: response.status, text };
    url = new URL(location ?? /<form[^>]* action="([^"]+)"/.exec(text)?.[1] ?? "", url);
  }
  throw new Error(`${address} leads nowhere`);
}

function formOf(html: string): URLSearchParams | undefined {
  const inputs = [...html.matchAll(/<input[^>]*? name="(\w+)"(?:[^>]*? value="([^"]*)")?/g)];
  if (!inputs.some(([, name]) => name === "xsrf")) return undefined;
  const fields = inputs.map(([, name = "", value = ""]): [string, string] => [name, value]);
  return new URLSearchParams([...fields.filter(([name]) => name !== "abort"), ["confirm", "yes"]]);
}
