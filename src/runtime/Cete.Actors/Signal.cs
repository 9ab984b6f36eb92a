namespace Cete.Actors;

/// <summary>News of the kernel for an actor. Signals overtake messages.</summary>
public abstract record Signal;

/// <summary>
/// A watched actor has stopped for good. It comes once per watch, and never after <see cref="ActorContext{TMessage}.Unwatch"/>.
/// </summary>
/// <param name="Actor">Who stopped.</param>
public sealed record Terminated(ActorRef Actor) : Signal;
