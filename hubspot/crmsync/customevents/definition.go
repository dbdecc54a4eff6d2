package customevents

import (
	"context"
	"strconv"
	"unicode/utf8"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/carry"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/inspect"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/ledger"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/settings"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/values"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/verdict"
	"github.com/memberpulse/hubspotplugin/integration"
)

func customEventDefinition() hubspot.EventDefinition {
	text := func(name, label string) hubspot.EventProperty {
		return hubspot.EventProperty{Name: name, Label: label, Type: "string"}
	}
	return hubspot.EventDefinition{
		Name: settings.CustomEventName, Label: "MemberPulse activity", ObjectType: hubspot.Contacts,
		Description: "What a member did in MemberPulse: memberships, events and courses. Written by MemberPulse; do not delete, the name could never be used again.",
		Properties:  []hubspot.EventProperty{text("type", "Type"), text("name", "Name"), text("from", "From"), text("on", "On"), text("link", "Link")},
	}
}

// customEventFullName is the definition's name in a portal.
func customEventFullName(portalID int64) string {
	return "pe" + strconv.FormatInt(portalID, 10) + "_" + settings.CustomEventName
}

// customEvent is what HubSpot is told of an activity: never more than is on its
// note. Its own id makes it one, however often it is sent.
func customEvent(at ledger.Place, a integration.Activity, contactID, link string) hubspot.Event {
	e := hubspot.Event{Name: customEventFullName(at.PortalID), UUID: a.ID, ObjectID: contactID, At: a.OccurredAt, Properties: map[string]string{}}
	for name, value := range map[string]string{
		"type": string(a.Type), "name": values.Clean(a.Name), "from": values.Clean(a.From), "on": a.On.String(), "link": link,
	} {
		if value != "" && (name != "link" || utf8.RuneCountInString(value) <= hubspot.MaxEventValue) { // half a link leads nowhere
			e.Properties[name] = values.Truncate(value, hubspot.MaxEventValue)
		}
	}
	return e
}

// defined is how a portal stands with the definition.
type defined int

const (
	defMissing defined = iota
	defOther           // there is one of the name, and it cannot be used
	defThere
)

// lookUpDefinition asks HubSpot for the definition.
func lookUpDefinition(ctx context.Context, client *hubspot.Client) (defined, error) {
	got, err := client.EventDefinition(ctx, settings.CustomEventName)
	switch {
	case hubspot.IsNotFound(err):
		return defMissing, nil
	case err != nil:
		return defMissing, err
	case got.ObjectType != hubspot.Contacts:
		return defOther, nil
	}
	for _, want := range customEventDefinition().Properties {
		found := false
		for _, p := range got.Properties {
			found = found || p.Name == want.Name && p.Type == want.Type
		}
		if !found {
			return defOther, nil
		}
	}
	return defThere, nil
}

// Prepare makes the definition when settings are saved.
func (s *Carrier) Prepare(ctx context.Context, client *hubspot.Client) error {
	found, err := lookUpDefinition(ctx, client)
	if err != nil {
		return inspect.VendorError(err)
	}
	if found != defMissing {
		return nil // what cannot be used has been refused by the check
	}
	_, err = client.DefineEvent(ctx, customEventDefinition())
	if hubspot.IsConflict(err) {
		// Another replica has made it just now, or somebody has deleted it before.
		if found, err = lookUpDefinition(ctx, client); err == nil && found == defMissing {
			return integration.FieldErrors{settings.KeyCustomEvents: {definitionTaken().Detail + " " + definitionTaken().Fix}}
		}
	}
	if err != nil {
		return inspect.VendorError(err)
	}
	return nil
}

func definitionTaken() integration.CheckItem {
	return integration.CheckItem{Name: "Custom events", State: inspect.Failed, Field: settings.KeyCustomEvents,
		Detail: "The event " + settings.CustomEventName + " was deleted in this HubSpot account, and HubSpot never lets a deleted event's name be used again.",
		Fix:    "Switch Custom events off; activities still become notes. HubSpot's support may be able to restore the event."}
}

// Needs says in a check what custom events need: two scopes, an
// Enterprise plan and the definition.
func Needs(ctx context.Context, in *inspect.Inspection, client *hubspot.Client) {
	const name = "Custom events"
	err := client.Probe(ctx, settings.ScopeEventDefine)
	if carry.PlanRefuses(err) {
		in.Add(integration.CheckItem{Name: name, State: inspect.Failed, Field: settings.KeyCustomEvents,
			Detail: "HubSpot does not let this account have custom events: they need an Enterprise plan." + inspect.Correlated(verdict.Read(err)),
			Fix:    "Switch Custom events off, or upgrade the HubSpot account. Activities become notes on any plan."})
		return
	}
	in.Scope(err, "Define custom events", settings.ScopeEventDefine)
	in.Scope(client.Probe(ctx, settings.ScopeEventSend), "Send custom events", settings.ScopeEventSend)
	if err != nil {
		return
	}
	switch found, err := lookUpDefinition(ctx, client); {
	case err != nil:
		in.Stop(inspect.VendorError(err))
	case found == defThere:
		in.Add(integration.CheckItem{Name: name, State: inspect.OK, Detail: "The event " + settings.CustomEventName + " is there."})
	case found == defOther:
		in.Add(integration.CheckItem{Name: name, State: inspect.Failed, Field: settings.KeyCustomEvents,
			Detail: "HubSpot has an event " + settings.CustomEventName + ", but not with what MemberPulse needs: of contacts, with the text properties type, name, from, on and link.",
			Fix:    "In HubSpot add the missing properties to the event, then test again. Do not delete it: HubSpot never lets its name be used again."})
	default:
		in.Add(integration.CheckItem{Name: name, State: inspect.Missing, Detail: "The event " + settings.CustomEventName + " will be created. Its name can never be used again if somebody deletes it in HubSpot."})
	}
}
