package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/url"
	"strconv"
	"strings"

	"github.com/memberpulse/hubspotplugin/integration"
)

// options are what flags and environment say, checked.
type options struct {
	addr        string
	databaseURL string // "" = a PostgreSQL of our own
	hubspotURL  string // "" = the built-in simulator
	version     string
	members     int
	clients     int
	fresh       bool
	real        bool
	verbose     bool

	portalID string // HUBSPOT_PORTAL_ID
	apiKey   integration.Secret
	sealKey  string // HUBSPOT_SEAL_KEY, base64
}

const realURL = "https://api.hubapi.com"

const usage = `devhost is the reference host of the HubSpot plugin: a small MemberPulse with
associations, members, organizations, events, courses and tickets, its Client
Portal, and a simulated HubSpot.

  go run ./integration/devhost [flags]

Without flags it starts a PostgreSQL of its own (data is kept in the user's cache
folder; as root in /var/cache) and a simulated HubSpot, invents two associations
of 250 members, connects the first, and prints one line "ready http://..." on
standard output. Everything else goes to standard error. SIGTERM or Ctrl-C drains
what is under way and ends within 10 s.

The simulated HubSpot keeps nothing: at each start the associations that were
connected are connected to new, empty portals, and everything is sent again.
Several hosts on one database need one HubSpot: give them the same -hubspot-url.

Flags:
`

const usageEnv = `
Environment:
  DATABASE_URL       as -database-url; the flag wins
  HUBSPOT_PORTAL_ID  with HUBSPOT_API_KEY: connects the first association to this
  HUBSPOT_API_KEY    portal, with this key, at -hubspot-url
  HUBSPOT_SEAL_KEY   32 bytes in base64 that seal stored keys; without it one is
                     made and kept, readable by you alone, beside the data

Who makes a request (only while -addr is a loopback address): people choose a
demo user on the page /signin; scripts send the headers X-Client-Id and X-Role
(ROLE_CLIENT_ADMIN, ROLE_CLIENT_USER, ROLE_MEMBER, ROLE_SPONSOR_ADMIN,
ROLE_SPONSOR_USER, or ROLE_PLATFORM_ADMIN without a client), and if somebody is
impersonated X-Impersonator-Id, the user id of a platform admin.

Driving it (JSON; bodies with Content-Type: application/json):
  GET    /demo/clients                    the associations; needs no identity.
                                          "portal" is the simulated account of each
  POST   /demo/clients                    {"name": "...", "members": 100}
  GET    /demo/members                    ?page= &itemsPerPage= &search= &status=
  POST   /demo/members                    {"firstName", "lastName", "email", "status", ...,
                                           "membership": {"plan", "status", "endDate"}}
  GET    /demo/members/{id}
  PATCH  /demo/members/{id}               any of the fields; null or "" clears one
  DELETE /demo/members/{id}               409 while a membership is active or expiring
  PUT    /demo/members/{id}/membership    {"plan": "Professional", "status": "active",
                                           "endDate": "2027-06-30", "priceType": "monthly"}
  POST   /demo/members/{id}/membership    {"action": "renew", "endDate"}, "upgrade" {"plan"},
                                          "schedule-downgrade" {"plan", "on"}, "withdraw-downgrade",
                                          "apply-downgrade", "cancel" or "expire"
  PUT    /demo/members/{id}/organization  {"organizationId": "..."}, null for none
  GET    /demo/organizations              ?page= &itemsPerPage= &search=, as the lists below
  POST   /demo/organizations              {"name", "domain", "websiteUrl", "phone", "address", ...,
                                           "plan", "startDate", "endDate", "seats"}
  PATCH  /demo/organizations/{id}         GET and DELETE too; its members then belong to none
  GET    /demo/events
  POST   /demo/events                     {"name", "start", "end", "type": "live", "location"}
  PATCH  /demo/events/{id}                ..., {"cancelled": true}; GET too
  POST   /demo/events/{id}/registrations  {"memberId", "status": "confirmed"}, or {"memberId": null,
                                           "name", "email"} for somebody who is no member; GET too
  PATCH  /demo/registrations/{id}         {"status": "cancelled"}, {"attended": true}, false, or null
  GET    /demo/courses
  POST   /demo/courses                    {"name", "description"}; GET /demo/courses/{id} too
  POST   /demo/courses/{id}/enrollments   {"memberId"}; GET too
  PATCH  /demo/enrollments/{id}           {"status": "completed"}, {"progress": 40}
  GET    /demo/tickets                    ?status= too
  POST   /demo/tickets                    {"subject", "description", "memberId"}, or "name", "email"
  PATCH  /demo/tickets/{id}               {"status", "subject", "memberId",
                                           "reply": {"text", "public": true}}; GET too
  POST   /demo/bulk                       {"members": 1000, "field": "position", "value": "...",
                                           "perTransaction": 100}; all but members optional
The integration itself: /api/integrations/hubspot/... and, for people,
/settings/integrations/hubspot. The simulator's own control: GET /_sim/state?portal=ID,
GET /_sim/requests, POST /_sim/faults at the address that is printed at the start.
`

// parse reads args and environment. The error is for the person who typed them;
// flag.ErrHelp means that help was asked for and given.
func parse(args []string, env func(string) string, out io.Writer) (options, error) {
	var o options
	fs := flag.NewFlagSet("devhost", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.StringVar(&o.addr, "addr", "127.0.0.1:8080", "`address` to listen on; port 0 takes a free one")
	fs.StringVar(&o.databaseURL, "database-url", "", "postgres:// `URL` of the database (default: DATABASE_URL, else a PostgreSQL of our own)")
	fs.StringVar(&o.hubspotURL, "hubspot-url", "", "`URL` of another simulator, for example http://127.0.0.1:9090 (default: the built-in one)")
	fs.IntVar(&o.members, "members", 250, "members that each new association starts with, 0 to 100000")
	fs.IntVar(&o.clients, "clients", 2, "associations to begin with, 1 to 50")
	fs.BoolVar(&o.fresh, "fresh", false, "wipe the data of the reference host first")
	fs.StringVar(&o.version, "hubspot-version", "2026-03", "`version` of HubSpot's API, 2026-03 or 2026-09")
	fs.BoolVar(&o.real, "real-hubspot", false, "talk to the real HubSpot: asks first, and invents nobody")
	fs.BoolVar(&o.verbose, "v", false, "log more")
	fs.Usage = func() {}
	err := fs.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(out, usage)
		fs.SetOutput(out)
		fs.PrintDefaults()
		fmt.Fprint(out, usageEnv)
		return o, err
	}
	if err == nil && fs.NArg() > 0 {
		err = fmt.Errorf("%q is not a flag", fs.Arg(0))
	}
	if err != nil {
		return o, fmt.Errorf("%w (-h explains the flags)", err)
	}
	if o.databaseURL == "" {
		o.databaseURL = env("DATABASE_URL")
	}
	o.portalID, o.apiKey, o.sealKey = env("HUBSPOT_PORTAL_ID"), integration.NewSecret(env("HUBSPOT_API_KEY")), env("HUBSPOT_SEAL_KEY")
	return o, o.check()
}

// check never repeats a value that may hold a secret.
func (o *options) check() error {
	if _, port, err := net.SplitHostPort(o.addr); err != nil || badPort(port) {
		return fmt.Errorf("-addr %q: want host:port, for example 127.0.0.1:8080", o.addr)
	}
	if o.databaseURL != "" {
		u, err := url.Parse(o.databaseURL)
		if err != nil || u.Scheme != "postgres" && u.Scheme != "postgresql" || u.Host == "" || strings.Trim(u.Path, "/") == "" {
			return errors.New("-database-url (or DATABASE_URL): want postgres://user:password@host:port/database")
		}
	}
	if o.members < 0 || o.members > 100_000 {
		return fmt.Errorf("-members %d: want 0 to 100000", o.members)
	}
	if o.clients < 1 || o.clients > 50 {
		return fmt.Errorf("-clients %d: want 1 to 50", o.clients)
	}
	if o.version != "2026-03" && o.version != "2026-09" {
		return fmt.Errorf("-hubspot-version %q: want 2026-03 or 2026-09", o.version)
	}
	if (o.portalID == "") != o.apiKey.IsZero() {
		return errors.New("HUBSPOT_PORTAL_ID and HUBSPOT_API_KEY go together: set both or none")
	}
	if n, err := strconv.ParseInt(o.portalID, 10, 64); o.portalID != "" && (err != nil || n <= 0) {
		return errors.New("HUBSPOT_PORTAL_ID: want a number, as in the address of every HubSpot page")
	}
	return o.checkHubSpot()
}

// checkHubSpot keeps the real HubSpot out of reach unless it is asked for.
func (o *options) checkHubSpot() error {
	isReal := false
	if o.hubspotURL != "" {
		u, err := url.Parse(o.hubspotURL)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil {
			return errors.New("-hubspot-url: want http://host:port or https://host")
		}
		host := strings.ToLower(strings.TrimSuffix(u.Hostname(), "."))
		for _, domain := range []string{"hubapi.com", "hubspot.com", "hubapiqa.com"} {
			isReal = isReal || host == domain || strings.HasSuffix(host, "."+domain)
		}
		o.hubspotURL = strings.TrimRight(o.hubspotURL, "/")
	}
	switch {
	case isReal && !o.real:
		return errors.New("-hubspot-url names the real HubSpot: add -real-hubspot if you mean it")
	case !o.real:
		return nil
	case o.portalID == "":
		return errors.New("-real-hubspot needs HUBSPOT_PORTAL_ID and HUBSPOT_API_KEY")
	case o.hubspotURL == "":
		o.hubspotURL = realURL
	case o.hubspotURL != realURL:
		return fmt.Errorf("-real-hubspot goes to %s: leave -hubspot-url out", realURL)
	}
	return nil
}

func badPort(port string) bool {
	n, err := strconv.Atoi(port)
	return err != nil || n < 0 || n > 65535
}

// parseID reads a portal id that check has accepted.
func parseID(text string) int64 {
	n, _ := strconv.ParseInt(text, 10, 64)
	return n
}
