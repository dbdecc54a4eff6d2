package lists

import (
	"context"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/inspect"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/settings"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/words"
	"github.com/memberpulse/hubspotplugin/integration"
)

// The scopes of lists; writing needs both.
const (
	scopeListsRead  = "crm.lists.read"
	scopeListsWrite = "crm.lists.write"
)

// Needs looks at what lists need of the key and of the portal. A list that
// cannot be had is told and refuses nothing: contacts do not wait for it.
func Needs(ctx context.Context, in *inspect.Inspection, stored map[settings.ListKey]Row, client *hubspot.Client, o settings.Options) {
	if !o.Tags {
		in.Add(integration.CheckItem{Name: "Lists", State: inspect.Skipped, Detail: "Lists follow the tags, and Tags is off."})
		return
	}
	read, write := client.Probe(ctx, scopeListsRead), client.Probe(ctx, scopeListsWrite)
	in.Scope(read, "Read lists", scopeListsRead)
	in.Scope(write, "Write lists", scopeListsWrite)
	if read != nil || write != nil {
		return
	}
	for _, w := range o.WantedLists() {
		item, err := listItem(ctx, stored[w.Key()], client, w)
		if err != nil {
			in.Scope(err, w.Name(), scopeListsRead)
			return
		}
		if item.State == inspect.Failed {
			in.Warn(item)
			continue
		}
		in.Add(item)
	}
}

func listItem(ctx context.Context, row Row, client *hubspot.Client, w settings.WantedList) (integration.CheckItem, error) {
	item := integration.CheckItem{Name: "List " + w.Name(), State: inspect.OK, Field: settings.KeyList(w.Tag.Slug)}
	troubled := func(state string) (integration.CheckItem, error) {
		t := words.Tell(listCode(state), "", nil)
		item.State, item.Detail, item.Fix = inspect.Failed, t.Title+". "+t.Meaning, t.Fix
		return item, nil
	}
	var l hubspot.List
	var err error
	if row.ListID != "" {
		l, err = client.List(ctx, row.ListID)
	} else {
		l, err = client.ListByName(ctx, hubspot.Contacts, w.Name())
	}
	if hubspot.IsNotFound(err) {
		switch row.State {
		case listDeleted, listLimit, listTaken: // the last: of another object, or deleted and keeping the name
			return troubled(row.State)
		}
		item.State, item.Detail, item.Field = inspect.Missing, "It will be made in the folder "+settings.ListFolder+".", ""
		if row.ListID != "" {
			item.Detail = "It was deleted in HubSpot and will be restored, with its id, if HubSpot still has it."
		}
		return item, nil
	}
	if err != nil {
		return item, err
	}
	item.Field = ""
	switch f := compareList(w, l, row.Property); {
	case f == outdated:
		item.State, item.Detail = inspect.Missing, "Its filter will follow the property "+w.Property+"."
	case f == misfit && row.ListID != "":
		return troubled(listEdited)
	case f == misfit:
		return troubled(listTaken)
	case row.ListID == "":
		item.Detail = "HubSpot has a list of this name that fits. It will be used."
	default:
		item.Detail = "It is there."
	}
	return item, nil
}
