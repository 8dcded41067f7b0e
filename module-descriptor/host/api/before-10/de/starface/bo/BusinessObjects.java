package de.starface.bo;

public class BusinessObjects {
    public UserStateBusinessObject getUserStateBO() {
        return new UserStateBusinessObject();
    }
}
