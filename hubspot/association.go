package hubspot

import (
	"fmt"
	"slices"
)

// How many pairs or records one association call may carry.
// See https://developers.hubspot.com/docs/api-reference/latest/crm/associations/associate-records/guide
const (
	MaxAssociations     = 2_000
	MaxAssociationReads = 1_000
)

// Categories of association types.
const (
	HubSpotDefined = "HUBSPOT_DEFINED"
	UserDefined    = "USER_DEFINED"
)

// Type ids that HubSpot defines. Each belongs to one direction, and is the same in
// every portal.
const (
	TypeContactToCompany        = 279
	TypeContactToPrimaryCompany = 1
	TypeCompanyToContact        = 280
	TypePrimaryCompanyToContact = 2
	TypeNoteToContact           = 202
	TypeContactToNote           = 201
	TypeNoteToCompany           = 190
	TypeCompanyToNote           = 189
)

// AssociationType is one way in which two records belong together, in one direction:
// the unlabelled one, which every associated pair has, or a label.
type AssociationType struct {
	Category string // HubSpotDefined, UserDefined and others
	TypeID   int
	// Label as HubSpot shows it; empty for the unlabelled type. Labels change: decide by
	// TypeID. Ignored in what is sent.
	Label string
}

// Defined returns the type that HubSpot itself defines by that id.
func Defined(typeID int) AssociationType {
	return AssociationType{Category: HubSpotDefined, TypeID: typeID}
}

// Pair names two records by their record ids.
type Pair struct{ From, To string }

// LabelledPair is a pair with association types of the direction From to To.
type LabelledPair struct {
	Pair
	Types []AssociationType
}

// PairResult says what became of one pair: Err is nil if HubSpot confirmed it. The Code
// of Err is CodeInvalidObjects if HubSpot says that a record of the pair does not exist,
// and CodeUnmentioned or CodeNotConfirmed as in InputResult.
type PairResult struct{ Err *Error }

// Association is a record that another one is associated with.
type Association struct {
	ToID  string
	Types []AssociationType
}

// Has reports whether the association has a type that HubSpot defines.
func (a Association) Has(typeID int) bool {
	return slices.ContainsFunc(a.Types, func(t AssociationType) bool { return t.Category == HubSpotDefined && t.TypeID == typeID })
}

// wireType is an association type in a request.
type wireType struct {
	Category string `json:"associationCategory"`
	TypeID   int    `json:"associationTypeId"`
}

func wireTypes(types []AssociationType) []wireType {
	out := make([]wireType, len(types))
	for i, t := range types {
		out[i] = wireType{t.Category, t.TypeID}
	}
	return out
}

type wireID struct {
	ID string `json:"id"`
}

// wirePair is one input of an association batch.
type wirePair struct {
	From  wireID     `json:"from"`
	To    wireID     `json:"to"`
	Types []wireType `json:"types,omitempty"`
}

// checkPairs refuses what HubSpot would refuse as a whole.
func checkPairs(from, to ObjectType, pairs []Pair) error {
	if !from.valid() || !to.valid() {
		return fmt.Errorf("%w: object type", ErrInvalidInput)
	}
	if len(pairs) > MaxAssociations {
		return fmt.Errorf("%w: %d, at most %d", ErrTooManyInputs, len(pairs), MaxAssociations)
	}
	seen := make(map[Pair]int, len(pairs))
	for i, p := range pairs {
		if fold(p.From) == "" || fold(p.To) == "" {
			return fmt.Errorf("%w: pair %d lacks an id", ErrInvalidInput, i)
		}
		j, dup := seen[p]
		if !dup && from == to {
			j, dup = seen[Pair{p.To, p.From}]
		}
		if dup {
			return fmt.Errorf("%w: pairs %d and %d", ErrDuplicateInput, j, i)
		}
		seen[p] = i
	}
	return nil
}

// plainPairs checks that every labelled pair has a type, and returns the pairs.
func plainPairs(pairs []LabelledPair) ([]Pair, error) {
	out := make([]Pair, len(pairs))
	for i, p := range pairs {
		if len(p.Types) == 0 {
			return nil, fmt.Errorf("%w: pair %d has no association type", ErrInvalidInput, i)
		}
		out[i] = p.Pair
	}
	return out, nil
}
