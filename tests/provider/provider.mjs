// A certified OpenID provider for the tests, with two more doors: /control/rotate changes its key, /control/shows?{"acr":…} what it says of how somebody signs in.
import { generateKeyPair } from "node:crypto";
import { createServer } from "node:http";
import { promisify } from "node:util";
import Provider from "oidc-provider";

const [redirect, home] = process.argv.slice(2);
const drawn = promisify(generateKeyPair);
let number = 0;
let key;
let handle;
let issuer;
let shows = {}; // what the provider says of how somebody signed in

async function rotate() {
  const { privateKey } = await drawn("rsa", { modulusLength: 2048 });
  key = { ...privateKey.export({ format: "jwk" }), kid: `key-${++number}`, alg: "RS256", use: "sig" };
  const provider = new Provider(issuer, {
    clients: [{
      client_id: "cityloop", client_secret: "a secret of 32 letters, or more..", redirect_uris: [redirect],
      post_logout_redirect_uris: [home], response_types: ["code"], grant_types: ["authorization_code"],
    }],
    jwks: { keys: [key] },
    claims: { openid: ["sub", "acr", "amr", "auth_time"] },
    cookies: { keys: ["only for tests"] },
    pkce: { required: () => true },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, email: "li.na@example.org" }) }),
    ttl: { AccessToken: 600, AuthorizationCode: 60, IdToken: 600, Interaction: 600, Session: 600, Grant: 600 },
  });
  const enter = provider.Session.prototype.loginAccount;
  provider.Session.prototype.loginAccount = function (details) {
    return enter.call(this, { ...details, ...shows });
  };
  handle = provider.callback();
}

const server = createServer(async (request, response) => {
  if (request.url === "/control/rotate") {
    await rotate();
    response.end(key.kid);
  } else if (request.url.startsWith("/control/shows")) {
    shows = JSON.parse(decodeURIComponent(request.url.split("?")[1]));
    response.end("ok");
  } else handle(request, response);
});
server.listen(0, "127.0.0.1", async () => {
  issuer = `http://127.0.0.1:${server.address().port}`;
  await rotate();
  console.log(issuer);
});
