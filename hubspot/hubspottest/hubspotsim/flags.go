package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

// config is what the command line says.
type config struct {
	addr    string
	opts    hubspottest.Options
	portals []hubspottest.Portal
}

const usage = `hubspotsim simulates the HubSpot CRM API in memory.

  hubspotsim -addr 127.0.0.1:9090 -portal 12345678 -token TOKEN

Point a HubSpot client at the address that the line "ready http://..." names. Served
under v3, 2026-03 and 2026-09 paths over one store: contacts, companies and notes (one,
batch, search, merge, gdpr-delete), associations and their labels (v4 and dated paths),
properties and groups, lists with folders and memberships, marketing events, custom
events (-plan enterprise), custom property limits, account details and daily usage. State
is lost when the program stops.

Control, without a token, so keep the address on loopback:
  GET    /_sim/state?portal=ID      every live record of a portal; associations in both directions, lists with members
  GET    /_sim/requests[?since=SEQ] the API calls served; DELETE empties the list
  POST   /_sim/faults               {"pathContains":"/batch/upsert","times":1,"loseReply":true}
  GET, DELETE /_sim/faults          list, clear
  GET    /_sim/portals              every account, without tokens
  POST   /_sim/portals              {"id":1,"token":"T","scopes":["crm.objects.contacts.read"]}
A fault has method, pathContains, portalId, times, after, status, body, contentType, pad,
retryAfter, delay, trickle, truncate, dropBefore, loseReply, commit, emptyOK, short;
durations are text such as "250ms".

Repeat -portal with -token (and -scopes) for several accounts. -plan, -window, -daily,
-max-lists, -timezone and -auto-company apply to the portal before them.

Flags:
`

// parse reads the command line. Help goes to help.
func parse(args []string, help io.Writer) (config, error) {
	var c config
	fs := flag.NewFlagSet("hubspotsim", flag.ContinueOnError)
	fs.SetOutput(help)
	fs.Usage = func() {
		fmt.Fprint(help, usage)
		fs.PrintDefaults()
	}
	fs.StringVar(&c.addr, "addr", "127.0.0.1:9090", "listen on this `address`; port 0 takes a free one")
	portalFlags(fs, &c)
	optionFlags(fs, &c.opts)
	if err := fs.Parse(args); err != nil {
		return c, err
	}
	if fs.NArg() > 0 {
		return c, fmt.Errorf("unexpected argument %q", fs.Arg(0))
	}
	ids, tokens := map[int64]bool{}, map[string]bool{}
	for _, p := range c.portals {
		switch {
		case p.Token == "":
			return c, fmt.Errorf("portal %d needs a -token", p.ID)
		case ids[p.ID] || tokens[p.Token]:
			return c, fmt.Errorf("portal %d: its id or token is given twice", p.ID)
		}
		ids[p.ID], tokens[p.Token] = true, true
	}
	return c, nil
}

// portalFlags fills one portal after the other: -portal begins the next.
func portalFlags(fs *flag.FlagSet, c *config) {
	last := func(set func(p *hubspottest.Portal, v string) error) func(string) error {
		return func(v string) error {
			if len(c.portals) == 0 {
				return errors.New("give -portal first")
			}
			return set(&c.portals[len(c.portals)-1], v)
		}
	}
	number := func(into func(p *hubspottest.Portal) *int) func(string) error {
		return last(func(p *hubspottest.Portal, v string) error {
			n, err := strconv.Atoi(v)
			if err != nil || n <= 0 {
				return errors.New("must be a positive number")
			}
			*into(p) = n
			return nil
		})
	}
	fs.Func("portal", "add an account with this `id`; repeatable", func(v string) error {
		id, err := strconv.ParseInt(v, 10, 64)
		if err != nil || id <= 0 {
			return errors.New("must be a positive number")
		}
		c.portals = append(c.portals, hubspottest.Portal{ID: id})
		return nil
	})
	fs.Func("token", "bearer `token` of the last portal", last(func(p *hubspottest.Portal, v string) error {
		p.Token = v
		return nil
	}))
	fs.Func("scopes", "`list` of scopes of that token, separated by commas; default all", last(func(p *hubspottest.Portal, v string) error {
		p.Scopes = strings.FieldsFunc(v, func(r rune) bool { return r == ',' || r == ' ' })
		return nil
	}))
	fs.Func("plan", "free, starter, professional or enterprise; sets the `plan` of the last portal", last(func(p *hubspottest.Portal, v string) error {
		p.Plan = v
		switch v {
		case "free", "starter", "professional", "enterprise":
			return nil
		}
		return errors.New("is not a plan")
	}))
	fs.Func("timezone", "IANA `name` of the last portal's time zone (default US/Eastern)", last(func(p *hubspottest.Portal, v string) error {
		p.TimeZone = v
		return p.Check()
	}))
	fs.BoolFunc("auto-company", "new contacts of the last portal get a company by their email domain", last(func(p *hubspottest.Portal, v string) error {
		on, err := strconv.ParseBool(v)
		p.AutoCompany = on
		return err
	}))
	fs.Func("window", "`calls` that a token of the last portal has in 10 s (default by plan)", number(func(p *hubspottest.Portal) *int { return &p.MaxPerWindow }))
	fs.Func("daily", "`calls` that the last portal has in a day (default by plan)", number(func(p *hubspottest.Portal) *int { return &p.Daily }))
	fs.Func("max-lists", "`lists` that the last portal may have (default no limit)", number(func(p *hubspottest.Portal) *int { return &p.MaxLists }))
}

// optionFlags are the simulator's options.
func optionFlags(fs *flag.FlagSet, o *hubspottest.Options) {
	fs.DurationVar(&o.Latency, "latency", 0, "added to every API call")
	fs.DurationVar(&o.SearchLag, "search-lag", 0, "how long search does not see a write; 0 means 5s, negative none")
	fs.DurationVar(&o.PropertyLag, "property-lag", 0, "how long a new property is unknown")
	fs.Uint64Var(&o.Seed, "seed", 1, "of result order and correlation ids")
	fs.BoolVar(&o.OrderedResults, "ordered-results", false, "answer batches in the order of their inputs")
	fs.BoolVar(&o.MultiStatus2609, "multi-status-2026-09", false, "answer 207 on 2026-09 paths too")
	fs.BoolVar(&o.ErrorsOmitTraceID, "errors-omit-trace-id", false, "leave objectWriteTraceId out of errors")
	fs.BoolVar(&o.ResultsEchoTraceID, "results-echo-trace-id", false, "put objectWriteTraceId into results")
	fs.BoolVar(&o.PartialCreatesOnly, "partial-creates-only", false, "updates and upserts succeed or fail whole, trace ids or not")
	fs.BoolVar(&o.EmailUpsertsWhole, "email-upserts-whole", false, "upserts by email succeed or fail whole")
	fs.BoolVar(&o.NotFoundRejectsUpdate, "not-found-rejects-update", false, "404 for a whole update that names an unknown record")
	fs.BoolVar(&o.NotFoundBeforeScopes, "not-found-before-scopes", false, "a write to an unknown record proves no scope")
	fs.BoolVar(&o.KeepOldEmail, "keep-old-email", false, "a former address stays as a secondary email")
	fs.BoolVar(&o.SecondaryEmailHidden, "secondary-email-hidden", false, "lookups by email see primary addresses only")
	fs.BoolVar(&o.IdenticalWriteKeepsUpdatedAt, "identical-write-keeps-updated-at", false, "a write that changes nothing leaves updatedAt alone")
	fs.BoolVar(&o.MergeKeepsPrimaryID, "merge-keeps-primary-id", false, "the survivor of a merge keeps the primary's id")
	fs.BoolVar(&o.MergedIDRejectsWrite, "merged-id-rejects-write", false, "an update by a merged id is not found")
	fs.BoolVar(&o.ErasureBlocksEmail, "erasure-blocks-email", false, "erasing a contact blocks its address")
	fs.BoolVar(&o.APIUnblocksEmail, "api-unblocks-email", false, "the API may use blocked addresses")
	fs.BoolVar(&o.NoteSchemaScope, "note-schema-scope", false, "properties of notes need crm.schemas.notes.write")
	fs.BoolVar(&o.FirstCompanyNotPrimary, "first-company-not-primary", false, "the first company of a contact is not its primary one")
	fs.BoolVar(&o.AssociationErrorsReject, "association-errors-reject", false, "400 for a whole batch with one bad association")
	fs.BoolVar(&o.AssociationErrorsTerse, "association-errors-terse", false, "name unknown records in INVALID_OBJECT_IDS alone")
	fs.BoolVar(&o.NoAssociationsEmpty, "no-associations-empty", false, "an empty list for a record without associations")
	fs.DurationVar(&o.ListLag, "list-lag", 0, "how long dynamic lists are behind; 0 means as long as search, negative not at all")
	fs.BoolVar(&o.DeletedListKeepsName, "deleted-list-keeps-name", false, "the name of a deleted list is taken while it can be restored")
	fs.BoolVar(&o.ListLimitForbidden, "list-limit-forbidden", false, "403 when there are no lists left")
	fs.BoolVar(&o.PropertyLimitForbidden, "property-limit-forbidden", false, "403 when there are no custom properties left")
	fs.BoolVar(&o.RestoredPropertyCounts, "restored-property-counts", false, "no archived property is restored beyond the limit")
	fs.BoolVar(&o.AddNamesMembers, "add-names-members", false, "adding members names those that were members before")
	fs.IntVar(&o.MaxMembershipIDs, "max-membership-ids", 0, "ids of one change of memberships; 0 means no bound")
	fs.BoolVar(&o.AttendanceErrorsReject, "attendance-errors-reject", false, "404 for a whole call that names an unknown contact")
	fs.BoolVar(&o.MarketingResultsNameEvents, "marketing-results-name-events", false, "put externalEventId into results")
	fs.BoolVar(&o.EventsSilent, "events-silent", false, "accept and drop custom events that break their definition")
	fs.BoolVar(&o.EventsAtPlainPath, "events-at-plain-path", false, "serve custom events under /events/2026-09")
	fs.BoolVar(&o.RetryAfter, "retry-after", false, "put Retry-After on 429 replies")
	choice(fs, "email-conflict", "an input of a traced batch claims a taken email: `entry`, batch or batch-no-id", func(n int) { o.EmailConflict = hubspottest.EmailConflict(n) }, "entry", "batch", "batch-no-id")
	choice(fs, "note-keys", "a unique property of notes is `allowed`, refused or forbidden", func(n int) { o.NoteKeys = hubspottest.NoteKeys(n) }, "allowed", "refused", "forbidden")
	choice(fs, "conflict-body", "409 body: `names-id`, without-id or identity-profile", func(n int) { o.ConflictBody = hubspottest.ConflictBody(n) }, "names-id", "without-id", "identity-profile")
}

func choice(fs *flag.FlagSet, name, text string, set func(int), words ...string) {
	fs.Func(name, text, func(v string) error {
		for i, w := range words {
			if w == v {
				set(i)
				return nil
			}
		}
		return errors.New("must be one of " + strings.Join(words, ", "))
	})
}
