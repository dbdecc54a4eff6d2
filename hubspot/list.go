package hubspot

import (
	"encoding/json"
	"strings"
	"time"
)

// ListType says who decides on the members of a list. HubSpot's screens call
// lists segments.
// See https://developers.hubspot.com/docs/api-reference/latest/crm/lists/guide
type ListType string

const (
	// ManualList has the members that people and calls put there.
	ManualList ListType = "MANUAL"
	// SnapshotList is filled once by its filter, and is a ManualList then.
	SnapshotList ListType = "SNAPSHOT"
	// DynamicList follows its filter. Calls cannot change its members.
	DynamicList ListType = "DYNAMIC"
)

// List is a list as HubSpot has it.
type List struct {
	ID           string
	Name         string
	ObjectTypeID string // such as "0-1"
	Type         ListType
	// Status is COMPLETE, PROCESSING or PAUSED. While it is not COMPLETE the
	// members are not yet those of the filter.
	Status string
	// Size as HubSpot last counted it.
	Size int
	// Filter is the filterBranch as HubSpot shows it, nil without one. Compare
	// it by AnyOf.Matches, never as text: HubSpot fills in what was left out.
	Filter    json.RawMessage
	CreatedAt time.Time
	UpdatedAt time.Time
}

// NewList describes a list to create.
type NewList struct {
	// Name is unique in the portal, whatever the type, and without regard to case.
	Name       string
	ObjectType ObjectType
	Type       ListType
	// Filter is required for a DynamicList, and forbidden for a ManualList.
	Filter *AnyOf
	// FolderID is the folder that the list goes into. Empty means the root.
	FolderID string
}

func (l NewList) valid() bool {
	switch l.Type {
	case ManualList:
		if l.Filter != nil {
			return false
		}
	case DynamicList:
		if l.Filter == nil {
			return false
		}
	case SnapshotList:
	default:
		return false
	}
	return l.Name != "" && l.ObjectType.valid() && (l.Filter == nil || l.Filter.valid()) && (l.FolderID == "" || recordID(l.FolderID) != "")
}

// subCategoryListName is how HubSpot refuses the name of a list; its category
// is that of any bad input.
const subCategoryListName = "ILS.DUPLICATE_LIST_NAMES"

// IsListLimit reports that the portal's plan allows no more lists. HubSpot
// does not document the body that says so: recognised is a 400, 402, 403 or
// 409 of a creation or restoration whose category, sub-category or code speaks
// of a LIMIT. A portal may say it otherwise; the refusal is IsValidation or
// IsForbidden then, and as permanent.
func IsListLimit(err error) bool {
	e, ok := asError(err)
	if !ok || e.Op != opListCreate && e.Op != opListRestore || IsRateLimit(err) || IsMissingScopes(err) {
		return false
	}
	switch e.Status {
	case 400, 402, 403, 409:
	default:
		return false
	}
	words := []string{e.Category, e.SubCategory, e.Code}
	for _, d := range e.Details {
		words = append(words, d.Code, d.SubCategory)
	}
	return strings.Contains(strings.Join(words, " "), "LIMIT")
}

// wireList is a list as HubSpot sends it.
type wireList struct {
	ID           json.RawMessage `json:"listId"`
	Name         string          `json:"name"`
	ObjectTypeID string          `json:"objectTypeId"`
	Type         ListType        `json:"processingType"`
	Status       string          `json:"processingStatus"`
	Size         int             `json:"size"`
	Filter       json.RawMessage `json:"filterBranch"`
	CreatedAt    instant         `json:"createdAt"`
	UpdatedAt    instant         `json:"updatedAt"`
}

func (w wireList) list() List {
	l := List{
		ID:           recordID(text(w.ID)),
		Name:         w.Name,
		ObjectTypeID: w.ObjectTypeID,
		Type:         w.Type,
		Status:       w.Status,
		Size:         w.Size,
		CreatedAt:    w.CreatedAt.Time,
		UpdatedAt:    w.UpdatedAt.Time,
	}
	if string(w.Filter) != "null" {
		l.Filter = w.Filter
	}
	return l
}
