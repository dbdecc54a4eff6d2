package crmsync

import (
	"context"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/integration"
)

// The scopes of lists; writing needs both.
const (
	scopeListsRead  = "crm.lists.read"
	scopeListsWrite = "crm.lists.write"
)

// listNeeds looks at what lists need of the key and of the portal. A list that
// cannot be had is told and refuses nothing: contacts do not wait for it.
func listNeeds(ctx context.Context, in *inspection, stored map[listKey]listRow, client *hubspot.Client, o options) {
	if !o.tags {
		in.add(integration.CheckItem{Name: "Lists", State: checkSkipped, Detail: "Lists follow the tags, and Tags is off."})
		return
	}
	read, write := client.Probe(ctx, scopeListsRead), client.Probe(ctx, scopeListsWrite)
	in.scope(read, "Read lists", scopeListsRead)
	in.scope(write, "Write lists", scopeListsWrite)
	if read != nil || write != nil {
		return
	}
	for _, w := range o.wantedLists() {
		item, err := listItem(ctx, stored[w.key()], client, w)
		if err != nil {
			in.scope(err, w.name(), scopeListsRead)
			return
		}
		if item.State == checkFailed {
			in.warn(item)
			continue
		}
		in.add(item)
	}
}

func listItem(ctx context.Context, row listRow, client *hubspot.Client, w wantedList) (integration.CheckItem, error) {
	item := integration.CheckItem{Name: "List " + w.name(), State: checkOK, Field: settingList(w.tag.Slug)}
	troubled := func(state string) (integration.CheckItem, error) {
		t := tell(listCode(state), "", nil)
		item.State, item.Detail, item.Fix = checkFailed, t.title+". "+t.meaning, t.fix
		return item, nil
	}
	var l hubspot.List
	var err error
	if row.ListID != "" {
		l, err = client.List(ctx, row.ListID)
	} else {
		l, err = client.ListByName(ctx, hubspot.Contacts, w.name())
	}
	if hubspot.IsNotFound(err) {
		switch row.State {
		case listDeleted, listLimit, listTaken: // the last: of another object, or deleted and keeping the name
			return troubled(row.State)
		}
		item.State, item.Detail, item.Field = checkMissing, "It will be made in the folder "+listFolder+".", ""
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
		item.State, item.Detail = checkMissing, "Its filter will follow the property "+w.property+"."
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
