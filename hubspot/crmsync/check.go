package crmsync

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/inspect"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/ledger"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/lists"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/propertymap"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/schema"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/settings"
	"github.com/memberpulse/hubspotplugin/integration"
)

// The scopes that are probed.
const (
	scopeContactsRead   = "crm.objects.contacts.read"
	scopeContactsWrite  = "crm.objects.contacts.write"
	scopeCompaniesRead  = "crm.objects.companies.read"
	scopeCompaniesWrite = "crm.objects.companies.write"
)

// portalCheck is a check of a tenant's settings.
type portalCheck struct {
	inspect.Inspection
	details hubspot.AccountDetails
	maps    map[hubspot.ObjectType]propertymap.Map // the tenant's
	have    map[hubspot.ObjectType][]hubspot.Property
	gaps    []schema.Gap
	lists   map[settings.ListKey]lists.Row // as stored
	taken   bool                           // the portal is another tenant's
}

// inspect tries settings against HubSpot and changes nothing there. Items
// after one that failed at the root (the key, the portal) are skipped.
func (s *Syncer) inspect(ctx context.Context, clientID string, opts settings.Options, client *hubspot.Client) portalCheck {
	in := portalCheck{Inspection: inspect.Inspection{Report: integration.Report{OK: true}}}
	rules, err := s.mappings.load(ctx, s.DB, ledger.Place{ClientID: clientID, PortalID: opts.PortalID})
	if err != nil {
		in.Stop(inspect.StoreFault(err))
		return in
	}
	if in.lists, err = s.lists.Store.Load(ctx, s.DB, ledger.Place{ClientID: clientID, PortalID: opts.PortalID}); err != nil {
		in.Stop(inspect.StoreFault(err))
		return in
	}
	in.maps = map[hubspot.ObjectType]propertymap.Map{
		hubspot.Contacts:  propertymap.New(propertymap.Contact, rules.rules, nil),
		hubspot.Companies: propertymap.New(propertymap.Company, rules.rules, nil),
	}
	reached := s.inspectAccount(ctx, &in, clientID, opts, client)
	for _, f := range features() {
		switch {
		case f.needs == nil || !f.on(opts) && f.key != settings.KeyContacts:
		case reached:
			f.needs(ctx, &in, client, opts)
		default:
			in.Skip(f.name)
		}
	}
	if !reached {
		return in
	}
	if l := client.Limits(); l.Daily > 0 {
		in.Add(integration.CheckItem{Name: "Calls left today", State: inspect.OK,
			Detail: fmt.Sprintf("%d of %d. All apps of the HubSpot account share them.", l.DailyRemaining, l.Daily)})
	}
	return in
}

func (s *Syncer) inspectAccount(ctx context.Context, in *portalCheck, clientID string, opts settings.Options, client *hubspot.Client) bool {
	details, err := client.AccountDetails(ctx)
	if err != nil {
		in.Key(err)
		return false
	}
	in.details = details
	in.Add(integration.CheckItem{Name: "API Key", State: inspect.OK, Detail: "HubSpot accepts the key."})
	if details.PortalID != opts.PortalID {
		in.Add(integration.CheckItem{Name: "Portal ID", State: inspect.Failed, Field: settings.KeyPortal,
			Detail: "The key belongs to portal " + strconv.FormatInt(details.PortalID, 10) + ", not to " + strconv.FormatInt(opts.PortalID, 10) + ".",
			Fix:    "If portal " + strconv.FormatInt(details.PortalID, 10) + " is the right one, enter it as Portal ID; otherwise make a key in the other portal."})
		return false
	}
	taken, err := s.Connections.TakenByOther(ctx, clientID, opts.PortalID)
	if err != nil {
		in.Stop(err)
		return false
	}
	if in.taken = taken; taken {
		e := &integration.Error{}
		errors.As(ledger.PortalTaken(), &e)
		in.Add(integration.CheckItem{Name: "Portal ID", State: inspect.Failed, Field: settings.KeyPortal, Detail: e.Title + " " + e.Detail, Fix: e.Fix})
		return false
	}
	in.Add(integration.CheckItem{Name: "Portal ID", State: inspect.OK,
		Detail: fmt.Sprintf("Portal %d matches the key (account type %s, time zone %s).", details.PortalID, plainWords(details.AccountType), details.TimeZone)})
	return true
}

// schema compares a portal's properties of an object with those wanted.
func (in *portalCheck) schema(ctx context.Context, client *hubspot.Client, object hubspot.ObjectType, wanted []hubspot.Property) {
	name := objectName(object) + " properties"
	have, err := client.Properties(ctx, object)
	if err != nil {
		in.Scope(err, name, schema.Scope(object, "read"))
		return
	}
	if in.have == nil {
		in.have = map[hubspot.ObjectType][]hubspot.Property{}
	}
	in.have[object] = have
	gap := schema.Compare(object, wanted, have)
	in.gaps = append(in.gaps, gap)
	switch {
	case len(gap.Retyped) > 0:
		in.Add(integration.CheckItem{Name: name, State: inspect.Failed,
			Detail: "HubSpot has a property of the name " + strings.Join(gap.Retyped, ", ") + ", but of another type than MemberPulse needs.",
			Fix:    "In HubSpot archive that property under Settings > Properties and delete it for good from the archived ones, then test again. Archiving alone brings it back as it is."})
	case gap.NoSlot:
		in.Add(integration.CheckItem{Name: name, State: inspect.Failed,
			Detail: "All " + strconv.Itoa(schema.UniqueSlots) + " properties with unique values that HubSpot allows on " + string(object) + " are taken. MemberPulse needs one for its own ID, so that no record is ever made twice.",
			Fix:    "In HubSpot archive one property with unique values under Settings > Properties, then test again."})
	case gap.Complete():
		in.Add(integration.CheckItem{Name: name, State: inspect.OK, Detail: "All are there."})
	case in.room(ctx, client, gap, name):
	default:
		in.Add(integration.CheckItem{Name: name, State: inspect.Missing,
			Detail: fmt.Sprintf("%d will be created in the group %s. This needs the scope %s, which HubSpot lets us prove only by doing it.",
				len(gap.Missing)+len(gap.Options), schema.GroupLabel, schema.Scope(object, "write"))})
	}
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

// refusal turns failed items into field errors, or, if none names a field, into
// one error that says it all.
func (in portalCheck) refusal() error {
	if in.Fault != nil {
		return in.Fault
	}
	if in.taken {
		return ledger.PortalTaken()
	}
	fields := integration.FieldErrors{}
	var other []integration.CheckItem
	for _, it := range in.Report.Items {
		switch {
		case it.State != inspect.Failed, in.Warned[it.Name]:
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

func plainWords(constant string) string {
	return strings.ToLower(strings.ReplaceAll(constant, "_", " "))
}
