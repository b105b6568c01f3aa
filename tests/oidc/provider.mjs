// An identity provider of the tests: panva's oidc-provider with its own pages for signing in.
//
//   node provider.mjs MODULES PORTAL…
//
// MODULES is the folder with node_modules; each PORTAL is the address of a portal, which is a client of its own, called by
// its port. Prints the issuer on the first line, and ends with its standard input.
//
// Whoever signs in is named by the login: "ada rf-admins mfa" is ada, of the group rf-admins, who showed `mfa`.
// POST /test/<login>?groups=…, or ?gone=1, changes what is known of ada from then on.

import { createServer } from 'node:http';
import { pathToFileURL } from 'node:url';

const [modules, ...portals] = process.argv.slice(2);
const { Provider } = await import(pathToFileURL(`${modules}/node_modules/oidc-provider/lib/index.js`));

const people = new Map(); // by name: groups, proofs, and whether they are gone

/** oidc-provider whose sign-in page also takes groups and proofs. */
class OurProvider extends Provider {
  async interactionFinished(req, res, result, options) {
    if (result.login) {
      const [name, groups, proofs] = result.login.accountId.split(' ');
      people.set(name, { groups: words(groups), gone: false });
      result = { login: { accountId: name, amr: words(proofs) } };
    }
    return super.interactionFinished(req, res, result, options);
  }
}

const words = (text) => (text ?? '').split(',').filter(Boolean);

const server = createServer();
await new Promise((done) => server.listen(0, 'localhost', done));
const issuer = `http://localhost:${server.address().port}`;

const provider = new OurProvider(issuer, {
  clients: portals.map((portal) => ({
    client_id: new URL(portal).port,
    client_secret: 'a secret of the tests',
    redirect_uris: [`${portal}/oidc/callback`],
    post_logout_redirect_uris: [`${portal}/oidc/signed-out`],
    backchannel_logout_uri: `${portal}/oidc/back-channel`,
    backchannel_logout_session_required: true,
    grant_types: ['authorization_code', 'refresh_token'],
  })),
  claims: { openid: ['sub', 'amr', 'groups', 'name', 'email'] },
  conformIdTokenClaims: false,
  cookies: { keys: ['only a test'] },
  features: {
    backchannelLogout: { enabled: true },
    devInteractions: { enabled: true },
    rpInitiatedLogout: { enabled: true },
  },
  findAccount: (_ctx, name) => {
    const person = people.get(name);
    if (!person || person.gone) return undefined;
    return {
      accountId: name,
      claims: () => ({ sub: name, groups: person.groups, name: `Example ${name}`, email: `${name}@example.org` }),
    };
  },
  issueRefreshToken: () => true,
  pkce: { required: () => true },
  rotateRefreshToken: () => true,
  ttl: { AccessToken: 3600, AuthorizationCode: 60, Grant: 86400, IdToken: 3600, Interaction: 600, RefreshToken: 86400, Session: 86400 },
});
provider.on('server_error', (_ctx, error) => console.error(error));

const handle = provider.callback();
server.on('request', (req, res) => {
  const address = new URL(req.url, issuer);
  if (!address.pathname.startsWith('/test/')) return handle(req, res);
  const { searchParams } = address;
  const known = people.get(address.pathname.slice('/test/'.length));
  if (searchParams.has('groups')) known.groups = words(searchParams.get('groups'));
  if (searchParams.has('gone')) known.gone = true;
  return res.end();
});

console.log(issuer);
process.stdin.on('end', () => process.exit()).resume();
