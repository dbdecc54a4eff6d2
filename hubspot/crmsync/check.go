package crmsync

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/propertymap"
	"github.com/memberpulse/hubspotplugin/integration"
)

// The scopes that are probed.
const (
	scopeContactsRead   = "crm.objects.contacts.read"
	scopeContactsWrite  = "crm.objects.contacts.write"
	scopeCompaniesRead  = "crm.objects.companies.read"
	scopeCompaniesWrite = "crm.objects.companies.write"
)

// The states of a check item.
const (
	checkOK      = "ok"
	checkFailed  = "failed"
	checkMissing = "missing" // will be created
	checkSkipped = "skipped"
	checkUnknown = "unknown" // cannot be proven
)

// inspection is what a check has found out about a portal.
type inspection struct {
	report  integration.Report
	details hubspot.AccountDetails
	maps    map[hubspot.ObjectType]propertymap.Map // the tenant's
	have    map[hubspot.ObjectType][]hubspot.Property
	gaps    []schemaGap
	lists   map[listKey]listRow // as stored
	warned  map[string]bool     // names of failed items that refuse nothing
	taken   bool                // the portal is another tenant's
	fault   error               // the first failure that is no field's: HubSpot down, our database down
}

// inspect tries settings against HubSpot and changes nothing there. Items
// after one that failed at the root (the key, the portal) are skipped.
func (s *Syncer) inspect(ctx context.Context, clientID string, opts options, client *hubspot.Client) inspection {
	in := inspection{report: integration.Report{OK: true}}
	rules, err := s.mappings.load(ctx, s.db, place{clientID, opts.portalID})
	if err != nil {
		in.stop(storeFault(err))
		return in
	}
	if in.lists, err = s.lists.load(ctx, s.db, place{clientID, opts.portalID}); err != nil {
		in.stop(storeFault(err))
		return in
	}
	in.maps = map[hubspot.ObjectType]propertymap.Map{
		hubspot.Contacts:  propertymap.New(propertymap.Contact, rules.rules, nil),
		hubspot.Companies: propertymap.New(propertymap.Company, rules.rules, nil),
	}
	reached := s.inspectAccount(ctx, &in, clientID, opts, client)
	for _, f := range features() {
		switch {
		case f.needs == nil || !f.on(opts) && f.key != settingContacts:
		case reached:
			f.needs(ctx, &in, client, opts)
		default:
			in.skip(f.name)
		}
	}
	if !reached {
		return in
	}
	if l := client.Limits(); l.Daily > 0 {
		in.add(integration.CheckItem{Name: "Calls left today", State: checkOK,
			Detail: fmt.Sprintf("%d of %d. All apps of the HubSpot account share them.", l.DailyRemaining, l.Daily)})
	}
	return in
}

func (s *Syncer) inspectAccount(ctx context.Context, in *inspection, clientID string, opts options, client *hubspot.Client) bool {
	details, err := client.AccountDetails(ctx)
	if err != nil {
		in.key(err)
		return false
	}
	in.details = details
	in.add(integration.CheckItem{Name: "API Key", State: checkOK, Detail: "HubSpot accepts the key."})
	if details.PortalID != opts.portalID {
		in.add(integration.CheckItem{Name: "Portal ID", State: checkFailed, Field: settingPortal,
			Detail: "The key belongs to portal " + strconv.FormatInt(details.PortalID, 10) + ", not to " + strconv.FormatInt(opts.portalID, 10) + ".",
			Fix:    "If portal " + strconv.FormatInt(details.PortalID, 10) + " is the right one, enter it as Portal ID; otherwise make a key in the other portal."})
		return false
	}
	taken, err := s.connections.takenByOther(ctx, clientID, opts.portalID)
	if err != nil {
		in.stop(err)
		return false
	}
	if in.taken = taken; taken {
		e := &integration.Error{}
		errors.As(portalTaken(), &e)
		in.add(integration.CheckItem{Name: "Portal ID", State: checkFailed, Field: settingPortal, Detail: e.Title + " " + e.Detail, Fix: e.Fix})
		return false
	}
	in.add(integration.CheckItem{Name: "Portal ID", State: checkOK,
		Detail: fmt.Sprintf("Portal %d matches the key (account type %s, time zone %s).", details.PortalID, words(details.AccountType), details.TimeZone)})
	return true
}

// schema compares a portal's properties of an object with those wanted.
func (in *inspection) schema(ctx context.Context, client *hubspot.Client, object hubspot.ObjectType, wanted []hubspot.Property) {
	name := objectName(object) + " properties"
	have, err := client.Properties(ctx, object)
	if err != nil {
		in.scope(err, name, schemaScope(object, "read"))
		return
	}
	if in.have == nil {
		in.have = map[hubspot.ObjectType][]hubspot.Property{}
	}
	in.have[object] = have
	gap := compareSchema(object, wanted, have)
	in.gaps = append(in.gaps, gap)
	switch {
	case len(gap.retyped) > 0:
		in.add(integration.CheckItem{Name: name, State: checkFailed,
			Detail: "HubSpot has a property of the name " + strings.Join(gap.retyped, ", ") + ", but of another type than MemberPulse needs.",
			Fix:    "In HubSpot rename or archive that property under Settings > Properties, then test again."})
	case gap.noSlot:
		in.add(integration.CheckItem{Name: name, State: checkFailed,
			Detail: "All " + strconv.Itoa(uniqueSlots) + " properties with unique values that HubSpot allows on " + string(object) + " are taken. MemberPulse needs one for its own ID, so that no record is ever made twice.",
			Fix:    "In HubSpot archive one property with unique values under Settings > Properties, then test again."})
	case gap.complete():
		in.add(integration.CheckItem{Name: name, State: checkOK, Detail: "All are there."})
	case in.room(ctx, client, gap, name):
	default:
		in.add(integration.CheckItem{Name: name, State: checkMissing,
			Detail: fmt.Sprintf("%d will be created in the group %s. This needs the scope %s, which HubSpot lets us prove only by doing it.",
				len(gap.missing)+len(gap.options), groupLabel, schemaScope(object, "write"))})
	}
}

// schemaScope is the scope for an object's properties.
func schemaScope(object hubspot.ObjectType, verb string) string {
	return "crm.schemas." + string(object) + "." + verb
}

// objectName is the object in the singular, at the start of a sentence.
func objectName(object hubspot.ObjectType) string {
	switch object {
	case hubspot.Contacts:
		return "Contact"
	case hubspot.Companies:
		return "Company"
	case hubspot.Notes:
		return "Note"
	}
	return string(object)
}

func (in *inspection) add(item integration.CheckItem) {
	in.report.Items = append(in.report.Items, item)
	in.report.OK = in.report.OK && item.State != checkFailed
}

// warn adds a failed item that does not keep the settings from being saved.
func (in *inspection) warn(item integration.CheckItem) {
	if in.warned == nil {
		in.warned = map[string]bool{}
	}
	in.warned[item.Name] = true
	in.add(item)
}

func (in *inspection) skip(names ...string) {
	for _, n := range names {
		in.add(integration.CheckItem{Name: n, State: checkSkipped, Detail: "Not tried, because of the failure above."})
	}
}

// stop notes a failure that is no setting's.
func (in *inspection) stop(err error) {
	in.report.OK = false
	if in.fault == nil {
		in.fault = err
	}
}

// key reads a failure of the very first call.
func (in *inspection) key(err error) {
	f := readFailure(err)
	switch f.code {
	case codeKeyRefused, codeScopeMissing:
		in.add(integration.CheckItem{Name: "API Key", State: checkFailed, Field: settingKey,
			Detail: "HubSpot does not accept this key." + correlated(f),
			Fix:    "Copy the key again from HubSpot, whole. If it was rotated or deleted there, make a new one."})
	case codeKeyOwnerGone:
		in.add(integration.CheckItem{Name: "API Key", State: checkFailed, Field: settingKey,
			Detail: "The person who made this key no longer has access to the HubSpot account." + correlated(f),
			Fix:    "Have a present super admin make a new key."})
	default:
		in.stop(vendorError(err))
	}
}

// scope reads the answer to a call that needs a scope.
func (in *inspection) scope(err error, name, scope string) {
	if err == nil {
		in.add(integration.CheckItem{Name: name, State: checkOK, Detail: "HubSpot does not object to " + scope + "."})
		return
	}
	f := readFailure(err)
	switch {
	case f.code == codeScopeMissing, f.code == codeKeyRefused, f.code == codeKeyOwnerGone:
		in.add(integration.CheckItem{Name: name, State: checkFailed, Field: settingKey,
			Detail: "The key lacks the scope " + scope + "." + correlated(f),
			Fix:    "In HubSpot add " + scope + " to the key. A private app's key changes its scopes only when the app is installed again; a new Service Key has them at once."})
	default:
		in.stop(vendorError(err))
	}
}

func correlated(f failure) string {
	if f.correlation == "" {
		return ""
	}
	return " (HubSpot's correlation id: " + f.correlation + ")"
}

// refusal turns failed items into field errors, or, if none names a field, into
// one error that says it all.
func (in inspection) refusal() error {
	if in.fault != nil {
		return in.fault
	}
	if in.taken {
		return portalTaken()
	}
	fields := integration.FieldErrors{}
	var other []integration.CheckItem
	for _, it := range in.report.Items {
		switch {
		case it.State != checkFailed, in.warned[it.Name]:
		case it.Field != "":
			fields.Add(it.Field, it.Detail+" "+it.Fix)
		default:
			other = append(other, it)
		}
	}
	if len(other) > 0 {
		return &integration.Error{Kind: integration.Invalid, Title: other[0].Name + ": " + other[0].Detail,
			Detail: "Nothing was connected.", Fix: other[0].Fix, Fields: fields}
	}
	if len(fields) > 0 {
		return fields
	}
	return nil
}

// vendorError is a failure of HubSpot's, not of the settings.
func vendorError(err error) error {
	f := readFailure(err)
	e := &integration.Error{
		Kind: integration.VendorFault, Title: "HubSpot could not be asked.",
		Detail:        "It answers with an error of its own. Your settings are not to blame and were not changed.",
		Fix:           "Try again in a few minutes. status.hubspot.com tells whether HubSpot knows of a problem.",
		CorrelationID: f.correlation, RetryAt: f.until, Cause: err,
	}
	var he *hubspot.Error
	switch {
	case f.code == codeDailyLimit:
		e.Title = "HubSpot's calls of the day are used up."
		e.Detail = "All apps of the HubSpot account share them. Your settings were not changed."
		e.Fix = "Try again after midnight of the HubSpot account's time zone."
	case f.code == codeBusy:
		e.Title = "HubSpot asks us to slow down."
		e.Fix = "Try again in a minute."
	case !errors.As(err, &he), he.Status == 0:
		e.Kind, e.Title = integration.VendorSlow, "HubSpot does not answer."
	}
	return e
}

func words(constant string) string { return strings.ToLower(strings.ReplaceAll(constant, "_", " ")) }
