package integration

// Entity is the current state of one thing: a [Member], an [Organization], a
// [Ticket] or an [Event]. The set is sealed: only this package adds to it.
type Entity interface {
	Ref() Ref
	entity()
}

// Compile-time guards.
var (
	_ Entity = Member{}
	_ Entity = Organization{}
	_ Entity = Ticket{}
	_ Entity = Event{}
)
