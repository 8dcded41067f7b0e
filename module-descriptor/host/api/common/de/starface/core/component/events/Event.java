package de.starface.core.component.events;

public abstract class Event {}
